package io.milena.compat.harness;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ProtocolConnection connection;
    private final List<String> answers = new ArrayList<>();
    private final Map<Long, Integer> producerIds = new LinkedHashMap<>();
    private String transactionalId = "";
    private long producerId;
    private short epoch;
    private int sequence;

    /** A script for one broker. */
    public TransactionScript(BrokerProcess broker) {
        connection = new ProtocolConnection(broker.port());
    }

    /** What was written down. */
    public List<String> answers() {
        return answers;
    }

    /** Uses another transactional id, with an identity that nobody has. */
    public TransactionScript id(String id) {
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
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(60_000);
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
        AddPartitionsToTxnTransactionCollection transactions = new AddPartitionsToTxnTransactionCollection();
        transactions.add(new AddPartitionsToTxnTransaction()
                .setTransactionalId(transactionalId)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setVerifyOnly(verifyOnly)
                .setTopics(topics(topic, partitions)));
        return write("verify", new AddPartitionsToTxnRequestData().setTransactions(transactions), version);
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
    public TransactionScript produce(int version, int partition, String name) {
        SimpleRecord record = new SimpleRecord(1_000, "value".getBytes(StandardCharsets.UTF_8));
        MemoryRecords records =
                MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, epoch, sequence++, record);
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName(TOPIC)
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(records))));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTransactionalId(name)
                .setTopicData(topics);
        return write("produce", request, version);
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
        text = sorted(sorted(text, PARTITION_RESULTS), PARTITIONS);
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
