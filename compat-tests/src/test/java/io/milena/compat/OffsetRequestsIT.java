package io.milena.compat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RequestDifferential;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests about the offsets of partitions, with odd parts too, are answered as the reference answers them, in every version. */
class OffsetRequestsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of());

    private static final RequestDifferential REQUESTS = new RequestDifferential(BOTH);
    private static final int TIMEOUT_MS = 20_000;

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic("a", 3, Map.of());
            broker.topic("b", 3, Map.of());
            produce(broker);
            return broker;
        });
    }

    @AfterAll
    static void close() {
        REQUESTS.close();
    }

    @Test
    void shouldAnswerDeleteRecords() {
        REQUESTS.same(
                ApiKeys.DELETE_RECORDS,
                version -> new DeleteRecordsRequestData().setTimeoutMs(TIMEOUT_MS),
                version -> deleteRecords("absent", 0, 1),
                version -> deleteRecords("", 0, 1),
                version -> deleteRecords("a", 9, 1),
                version -> deleteRecords("a", -1, 1),
                version -> deleteRecords("a", 0, version),
                version -> deleteRecords("a", 0, 0),
                version -> deleteRecords("a", 0, 99),
                version -> deleteRecords("a", 0, -2),
                version -> deleteRecords("a", 2, -1));
    }

    @Test
    void shouldAnswerListOffsets() {
        for (long time : new long[] {-1, -2, -3, -4, -5, -6, -7, -100, 0, 1_600_000_000_005L, Long.MAX_VALUE}) {
            REQUESTS.same(
                    ApiKeys.LIST_OFFSETS,
                    version -> offsets("b", time, 0, 1, 9),
                    version -> offsets("absent", time, 0),
                    version -> offsets("b", time, 0).setIsolationLevel((byte) 1),
                    version -> offsets("b", time, 0, 0));
        }
        REQUESTS.same(
                ApiKeys.LIST_OFFSETS,
                version -> new ListOffsetsRequestData().setReplicaId(-1),
                version -> offsets("", -1, 0),
                version -> offsets("b", -1, 0).setReplicaId(-2),
                version -> epoch(offsets("b", -1, 0), 0),
                version -> epoch(offsets("b", -1, 0), 99),
                version -> epoch(offsets("b", -1, 0), -2));
    }

    @Test
    void shouldAnswerOffsetForLeaderEpoch() {
        REQUESTS.same(
                ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                version -> new OffsetForLeaderEpochRequestData().setReplicaId(-1),
                version -> epochs("b", 0, -1, 0),
                version -> epochs("b", 0, 0, 0),
                version -> epochs("b", 0, 5, 0),
                version -> epochs("b", 0, 0, 5),
                version -> epochs("b", 0, -1, 5),
                version -> epochs("b", 0, -1, -1),
                version -> epochs("b", 9, -1, 0),
                version -> epochs("absent", 0, -1, 0),
                version -> epochs("", 0, -1, 0));
    }

    @Test
    void shouldAnswerDescribeProducers() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_PRODUCERS,
                version -> new DescribeProducersRequestData(),
                version -> producers("b", 0, 1, 9, 0),
                version -> producers("absent", 0),
                version -> producers("", 0),
                version -> producers("sp ace", 0),
                version -> producers("b"));
    }

    private static DeleteRecordsRequestData deleteRecords(String topic, int partition, long offset) {
        return new DeleteRecordsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(partition)
                                .setOffset(offset)))));
    }

    private static ListOffsetsRequestData offsets(String topic, long time, int... partitions) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(IntStream.of(partitions)
                                .mapToObj(partition -> new ListOffsetsPartition()
                                        .setPartitionIndex(partition)
                                        .setTimestamp(time))
                                .toList())));
    }

    private static ListOffsetsRequestData epoch(ListOffsetsRequestData request, int epoch) {
        request.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(epoch);
        return request;
    }

    private static OffsetForLeaderEpochRequestData epochs(String topic, int partition, int current, int wanted) {
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
        topics.add(new OffsetForLeaderTopic()
                .setTopic(topic)
                .setPartitions(List.of(new OffsetForLeaderPartition()
                        .setPartition(partition)
                        .setCurrentLeaderEpoch(current)
                        .setLeaderEpoch(wanted))));
        return new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics);
    }

    private static DescribeProducersRequestData producers(String topic, Integer... partitions) {
        return new DescribeProducersRequestData()
                .setTopics(List.of(new TopicRequest().setName(topic).setPartitionIndexes(List.of(partitions))));
    }

    private static void produce(BrokerProcess broker) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 1000, "enable.idempotence", false);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (String topic : List.of("a", "b")) {
                for (int i = 0; i < 10; i++) {
                    producer.send(new ProducerRecord<>(topic, 0, 1_600_000_000_000L + i, "key", "value"));
                }
            }
        }
    }
}
