package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * A transactional producer that says what it is told to, right or wrong, and writes down the answers. Producer ids are written as the
 * order in which they were met.
 */
public final class TransactionScript implements AutoCloseable {
    /** A topic with three partitions. */
    public static final String TOPIC = "scripted";

    private static final Pattern PARTITIONS = Pattern.compile("(?<=partitions=\\[)\\d+(, \\d+)+");
    private static final Pattern PARTITION_RESULTS = Pattern.compile(
            "AddPartitionsToTxnPartitionResult\\([^)]*\\)(, AddPartitionsToTxnPartitionResult\\([^)]*\\))+");
    private static final Pattern TOPIC_IDS = Pattern.compile("(?<=topicId=)[^,)]+");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int FIRST_PRODUCE_BY_ID = 13;
    private static final String PRODUCE_BY_ID = "produce v" + FIRST_PRODUCE_BY_ID;

    private final ProtocolConnection connection;
    private final List<String> answers = new ArrayList<>();
    private final Map<Long, Integer> producerIds = new LinkedHashMap<>();
    private @Nullable String transactionalId = "";
    private long producerId;
    private short epoch;
    private int sequence;

    /** A script for one broker. */
    public TransactionScript(BrokerProcess broker) {
        connection = new ProtocolConnection(broker.port());
    }

    /** Plays the same on both brokers, whose answers must be the same. */
    public static void same(Differential both, Consumer<TransactionScript> play) {
        List<List<String>> answers = both.each(broker -> {
            try (TransactionScript script = new TransactionScript(broker)) {
                script.id("finder").find();
                play.accept(script);
                return script.answers;
            }
        });
        assertThat(answers.get(0)).isNotEmpty().hasSameSizeAs(answers.get(1));
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < answers.get(0).size(); i++) {
            String answer = answers.get(0).get(i);
            if (!answer.equals(answers.get(1).get(i))) {
                differences.add(answer + "\n   instead of " + answers.get(1).get(i));
            }
        }
        assertThat(differences).isEmpty();
    }

    /** Uses another transactional id, with an identity that nobody has. */
    public TransactionScript id(@Nullable String id) {
        transactionalId = id;
        producerId = 987_654;
        epoch = 0;
        sequence = 0;
        return this;
    }

    /** Finds the coordinators of transactions and of groups, and so makes their topics come into being. */
    public TransactionScript find() {
        for (byte keyType = 0; keyType <= 1; keyType++) {
            FindCoordinatorRequestData request =
                    new FindCoordinatorRequestData().setKeyType(keyType).setKey(transactionalId);
            Waiting.until(
                    "the coordinator",
                    TIMEOUT,
                    () -> connection.call(request, 3).toString().contains("errorCode=0"),
                    () -> connection.call(request, 3));
        }
        return this;
    }

    /** Becomes the producer of the transactional id; waits while an older transaction ends. */
    public TransactionScript init() {
        return init(60_000);
    }

    /** Becomes the producer of the transactional id, or one without, for transactions that may take so long. */
    public TransactionScript init(int timeoutMs) {
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(timeoutMs);
        Waiting.until("a producer id", TIMEOUT, () -> init(request), () -> connection.call(request, 5));
        return this;
    }

    private boolean init(InitProducerIdRequestData request) {
        InitProducerIdResponseData response = (InitProducerIdResponseData) connection.call(request, 5);
        if (response.errorCode() != 0) {
            return false;
        }
        adopt(response.producerId(), response.producerEpoch());
        return true;
    }

    private void adopt(long id, short newEpoch) {
        producerId = id;
        epoch = newEpoch;
        sequence = 0;
        producerIds.putIfAbsent(id, producerIds.size());
    }

    /** Goes on with another identity. */
    public TransactionScript pretend(long idDelta, int epochDelta) {
        producerId += idDelta;
        epoch += (short) epochDelta;
        return this;
    }

    /** InitProducerId with an identity of before, or none if the epoch is -1. */
    public TransactionScript tryInit(int version, int timeoutMs, long expectedDelta, int expectedEpoch) {
        return write(
                "init",
                new InitProducerIdRequestData()
                        .setTransactionalId(transactionalId)
                        .setTransactionTimeoutMs(timeoutMs)
                        .setProducerId(expectedEpoch < 0 ? -1 : producerId + expectedDelta)
                        .setProducerEpoch((short) expectedEpoch),
                version);
    }

    /** AddPartitionsToTxn of a client. */
    public TransactionScript add(int version, String topic, Integer... partitions) {
        return write(
                "add",
                new AddPartitionsToTxnRequestData()
                        .setV3AndBelowTransactionalId(transactionalId)
                        .setV3AndBelowProducerId(producerId)
                        .setV3AndBelowProducerEpoch(epoch)
                        .setV3AndBelowTopics(topics(topic, partitions)),
                version);
    }

    /** AddPartitionsToTxn of a broker. */
    public TransactionScript verify(int version, boolean verifyOnly, String topic, Integer... partitions) {
        return write("verify", addition(verifyOnly, topic, partitions), version);
    }

    /** What a broker asks with AddPartitionsToTxn. */
    public AddPartitionsToTxnRequestData addition(boolean verifyOnly, String topic, Integer... partitions) {
        AddPartitionsToTxnTransactionCollection transactions = new AddPartitionsToTxnTransactionCollection();
        transactions.add(new AddPartitionsToTxnTransaction()
                .setTransactionalId(transactionalId)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setVerifyOnly(verifyOnly)
                .setTopics(topics(topic, partitions)));
        return new AddPartitionsToTxnRequestData().setTransactions(transactions);
    }

    private static AddPartitionsToTxnTopicCollection topics(String topic, Integer... partitions) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partitions)));
        return topics;
    }

    /** AddOffsetsToTxn. */
    public TransactionScript addOffsets(int version, String group) {
        return write(
                "add offsets",
                new AddOffsetsToTxnRequestData()
                        .setTransactionalId(transactionalId)
                        .setProducerId(producerId)
                        .setProducerEpoch(epoch)
                        .setGroupId(group),
                version);
    }

    /** TxnOffsetCommit of a consumer that names itself, unless the generation is negative. */
    public TransactionScript commitOffset(int version, String group, String topic, int generation) {
        TxnOffsetCommitRequestPartition partition = new TxnOffsetCommitRequestPartition()
                .setPartitionIndex(1)
                .setCommittedOffset(5)
                .setCommittedMetadata("note");
        return write(
                "commit offset",
                new TxnOffsetCommitRequestData()
                        .setTransactionalId(transactionalId)
                        .setGroupId(group)
                        .setProducerId(producerId)
                        .setProducerEpoch(epoch)
                        .setGenerationId(version < 3 ? -1 : generation)
                        .setMemberId(version < 3 || generation < 0 ? "" : "member")
                        .setTopics(List.of(
                                new TxnOffsetCommitRequestTopic().setName(topic).setPartitions(List.of(partition)))),
                version);
    }

    /** OffsetFetch that wants stable offsets only. */
    public TransactionScript fetchOffset(int version, String group) {
        OffsetFetchRequestTopics topic =
                new OffsetFetchRequestTopics().setName(TOPIC).setPartitionIndexes(List.of(1));
        return write(
                "fetch offset",
                new OffsetFetchRequestData()
                        .setRequireStable(true)
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId(group).setTopics(List.of(topic)))),
                version);
    }

    /** Produce of one record. */
    public TransactionScript produce(int version, int partition) {
        return produce(version, partition, transactionalId);
    }

    /** Produce of one record in the name of a transactional id, or of none. */
    public TransactionScript produce(int version, int partition, @Nullable String name) {
        TopicProduceData topic = new TopicProduceData().setName(TOPIC).setPartitionData(List.of(data(partition, true)));
        return produce(version, topic, name);
    }

    /** Produce of one record to a topic by its id, with a transaction if the producer has a name. */
    public TransactionScript produceById(Uuid topicId, int partition) {
        PartitionProduceData data = data(partition, transactionalId != null);
        return produce(
                FIRST_PRODUCE_BY_ID,
                new TopicProduceData().setTopicId(topicId).setPartitionData(List.of(data)),
                transactionalId);
    }

    private PartitionProduceData data(int partition, boolean transactional) {
        SimpleRecord record = new SimpleRecord(1_000, "value".getBytes(StandardCharsets.UTF_8));
        int number = sequence++;
        MemoryRecords records = transactional
                ? MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, epoch, number, record)
                : MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, epoch, number, record);
        return new PartitionProduceData().setIndex(partition).setRecords(records);
    }

    private TransactionScript produce(int version, TopicProduceData topic, @Nullable String name) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(topic);
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTransactionalId(name)
                .setTopicData(topics);
        return write("produce", request, version);
    }

    /** The next record has a sequence number so much further on. */
    public TransactionScript skip(int numbers) {
        sequence += numbers;
        return this;
    }

    /** The id of the topic. */
    public Uuid topicId() {
        MetadataRequestData request =
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(TOPIC)));
        MetadataResponseData response = (MetadataResponseData) connection.call(request, 12);
        return response.topics().find(TOPIC).topicId();
    }

    /** EndTxn; from version 5 on the answer's identity is used from then on. */
    public TransactionScript end(int version, boolean commit) {
        EndTxnRequestData request = new EndTxnRequestData()
                .setTransactionalId(transactionalId)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setCommitted(commit);
        EndTxnResponseData response = (EndTxnResponseData) connection.call(request, version);
        note((commit ? "commit" : "abort") + " v" + version, response);
        if (version >= 5 && response.errorCode() == 0) {
            adopt(response.producerId(), response.producerEpoch());
        }
        awaitComplete();
        return this;
    }

    /** DescribeTransactions. */
    public TransactionScript describe() {
        awaitComplete();
        return write("describe", describeRequest(), 0);
    }

    /** Waits until the transaction of the id has a state; an empty one is that of an id that is not known any more. */
    public TransactionScript awaitState(String state) {
        Waiting.until(
                "a transaction that is " + state,
                TIMEOUT,
                () -> ((DescribeTransactionsResponseData) connection.call(describeRequest(), 0))
                        .transactionStates().stream()
                                .allMatch(each -> each.transactionState().equals(state)),
                () -> connection.call(describeRequest(), 0));
        return this;
    }

    /** Waits until no transaction of the id is between its decision and its end. */
    private void awaitComplete() {
        Waiting.until(
                "the end of the transaction",
                TIMEOUT,
                () -> ((DescribeTransactionsResponseData) connection.call(describeRequest(), 0))
                        .transactionStates().stream()
                                .noneMatch(state -> state.transactionState().startsWith("Prepare")),
                () -> connection.call(describeRequest(), 0));
    }

    private DescribeTransactionsRequestData describeRequest() {
        return new DescribeTransactionsRequestData().setTransactionalIds(List.of(transactionalId));
    }

    /** Any request, with the producer id and epoch of now. */
    public TransactionScript write(String what, ApiMessage request, int version) {
        note(what + " v" + version, connection.call(request, version));
        return this;
    }

    /** The current producer id. */
    public long producerId() {
        return producerId;
    }

    /** The current epoch. */
    public short epoch() {
        return epoch;
    }

    private void note(String what, ApiMessage response) {
        String text = response.toString().replaceAll("(StartTimeMs|startTimeMs|Timestamp)=1\\d{12}", "$1=MS");
        text = text.replaceAll("baseOffset=\\d+", "baseOffset=N").replaceAll("errorMessage='[^']*'", "errorMessage=S");
        text = TOPIC_IDS.matcher(text).replaceAll("T");
        if (what.equals(PRODUCE_BY_ID)) { // the reference explains less, and gives a repeated batch its record's time
            text = text.replace("errorMessage=null", "errorMessage=S").replace("TimeMs=1000", "TimeMs=-1");
        }
        text = sorted(sorted(text, PARTITION_RESULTS), PARTITIONS);
        if (response instanceof InitProducerIdResponseData init && init.producerId() >= 0) {
            producerIds.putIfAbsent(init.producerId(), producerIds.size());
        }
        for (Map.Entry<Long, Integer> known : producerIds.entrySet()) {
            text = text.replaceAll("producerId=" + known.getKey() + "\\b", "producerId=P" + known.getValue());
        }
        answers.add(transactionalId + " " + what + ": " + text);
    }

    /** The reference lists partitions in the order of a hash table. */
    private static String sorted(String text, Pattern lists) {
        return lists.matcher(text).replaceAll(list -> {
            String[] elements = list.group().split(", (?=Add|\\d)");
            Arrays.sort(elements);
            return Matcher.quoteReplacement(String.join(", ", elements));
        });
    }

    @Override
    public void close() {
        connection.close();
    }
}
