package io.milena.compat;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RequestDifferential;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests about topics, with odd parts too, are answered as the reference answers them, in every version. */
class TopicRequestsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("num.partitions", "2"));

    private static final RequestDifferential REQUESTS = new RequestDifferential(BOTH);
    private static final int TIMEOUT_MS = 20_000;
    private static final Uuid NO_ID = Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final String LONG_NAME = "x".repeat(250);

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            for (String topic : List.of("a", "b", "with.dot")) {
                broker.topic(topic, 3, Map.of());
            }
            return broker;
        });
    }

    @AfterAll
    static void close() {
        REQUESTS.close();
    }

    @Test
    void shouldAnswerMetadata() {
        REQUESTS.same(
                ApiKeys.METADATA,
                version -> new MetadataRequestData().setTopics(null),
                version -> new MetadataRequestData().setTopics(List.of()),
                version -> metadata("a"),
                version -> metadata("a", "a"),
                version -> metadata("absent", "b", "absent").setAllowAutoTopicCreation(false),
                version -> metadata(""),
                version -> metadata(".."),
                version -> metadata("sp ace", "a"),
                version -> metadata(LONG_NAME),
                version -> metadata("a").setIncludeTopicAuthorizedOperations(true),
                version -> metadata("a").setIncludeClusterAuthorizedOperations(true),
                version -> new MetadataRequestData()
                        .setAllowAutoTopicCreation(false)
                        .setTopics(
                                List.of(new MetadataRequestTopic().setName(null).setTopicId(NO_ID))),
                version -> new MetadataRequestData()
                        .setAllowAutoTopicCreation(false)
                        .setTopics(
                                List.of(new MetadataRequestTopic().setName("a").setTopicId(NO_ID))));
    }

    @Test
    void shouldAnswerDescribeTopicPartitions() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                version -> describe("a"),
                version -> describe("b", "a", "a"),
                version -> describe("absent", "a"),
                version -> describe("a", "b").setResponsePartitionLimit(4),
                version -> describe("a", "b").setResponsePartitionLimit(3),
                version -> describe("a", "b").setResponsePartitionLimit(1),
                version -> describe("a", "b").setResponsePartitionLimit(0),
                version -> describe("a", "b").setResponsePartitionLimit(-1),
                version -> describe("a", "b").setCursor(cursor("a", 1)),
                version -> describe("a", "b").setCursor(cursor("a", 3)),
                version -> describe("a", "b").setCursor(cursor("b", 0)).setResponsePartitionLimit(2),
                version -> describe("a", "b").setCursor(cursor("aa", 1)),
                version -> describe("a", "b").setCursor(cursor("c", 1)),
                version -> describe("a", "b").setCursor(cursor("a", -1)),
                version -> describe("a", "b").setCursor(cursor("a", 99)),
                version -> describe("absent", "b").setCursor(cursor("absent", 1)),
                version -> describe("absent").setResponsePartitionLimit(1),
                version -> describe("a").setCursor(cursor("", 0)));
    }

    @Test
    void shouldAnswerCreateTopics() {
        REQUESTS.same(
                ApiKeys.CREATE_TOPICS,
                version -> create(),
                version -> create(topic("c" + version, 1, 1)),
                version -> create(topic("c" + version, 1, 1)),
                version -> create(topic("d" + version, -1, -1)),
                version -> create(topic("dry" + version, 3, 1)).setValidateOnly(true),
                version -> create(topic("e" + version, 1, 1), topic("e" + version, 2, 1)),
                version -> create(topic("e" + version, 1, 1), topic("a", 1, 1), topic("f" + version, 0, 1)),
                version -> create(topic("g" + version, 0, 1)),
                version -> create(topic("g" + version, -2, 1)),
                version -> create(topic("g" + version, 1, 0)),
                version -> create(topic("g" + version, 1, 2)),
                version -> create(topic("g" + version, 1, -2)),
                version -> create(topic("", 1, 1)),
                version -> create(topic(".", 1, 1), topic("..", 1, 1), topic("a b", 1, 1), topic(LONG_NAME, 1, 1)),
                version -> create(topic("with_dot", 1, 1)),
                version -> create(topic("__consumer_offsets", 1, 1)).setValidateOnly(true),
                version -> create(topic("__cluster_metadata", 1, 1)).setValidateOnly(true));
    }

    @Test
    void shouldAnswerCreateTopicsWithSettings() {
        REQUESTS.same(
                ApiKeys.CREATE_TOPICS,
                version -> create(configured("h" + version, "retention.ms", "1000")),
                version -> create(configured("i" + version, "cleanup.policy", "compact,delete")),
                version -> create(configured("i2" + version, "cleanup.policy", "")),
                version -> create(configured("j" + version, "retention.ms", "never")),
                version -> create(configured("j" + version, "retention.ms", null)),
                version -> create(configured("j" + version, "no.such", "1")),
                version -> create(configured("j" + version, "", "1")),
                version -> create(configured("j" + version, "segment.bytes", "1")),
                version -> create(configured("j" + version, "min.insync.replicas", "0")),
                version -> create(configured("j" + version, "max.compaction.lag.ms", "0")),
                version -> create(configured("j" + version, "compression.type", "brotli")),
                version -> create(configured("j" + version, "remote.storage.enable", "true")),
                version -> create(configured("j" + version, "unclean.leader.election.enable", "maybe")),
                version -> create(configured("k" + version, "message.downconversion.enable", "true")),
                version -> create(configured("l" + version, "message.timestamp.difference.max.ms", "5")),
                version -> create(configured("m" + version, "message.format.version", "2.0")));
    }

    @Test
    void shouldAnswerCreateTopicsWithReplicas() {
        REQUESTS.same(
                ApiKeys.CREATE_TOPICS,
                version -> create(assigned("p" + version, -1, -1, List.of(1), List.of(1))),
                version -> create(assigned("q" + version, 2, -1, List.of(1), List.of(1))),
                version -> create(assigned("q" + version, -1, 1, List.of(1))),
                version -> create(assigned("q" + version, -1, -1, List.of(2))),
                version -> create(assigned("q" + version, -1, -1, List.of(1, 1))),
                version -> create(assigned("q" + version, -1, -1, List.of(-1))),
                version -> create(assigned("q" + version, -1, -1, List.of())),
                version -> create(assigned("q" + version, -1, -1, List.of(1), List.of(1, 2))),
                version -> create(assigned("q" + version, -1, -1, List.of(1)).setName("a")),
                version -> {
                    CreatableTopic gap = topic("r" + version, -1, -1);
                    gap.assignments()
                            .add(new CreatableReplicaAssignment()
                                    .setPartitionIndex(1)
                                    .setBrokerIds(List.of(1)));
                    return create(gap);
                },
                version -> {
                    CreatableTopic negative = topic("r" + version, -1, -1);
                    negative.assignments()
                            .add(new CreatableReplicaAssignment()
                                    .setPartitionIndex(-1)
                                    .setBrokerIds(List.of(1)));
                    return create(negative);
                });
    }

    @Test
    void shouldAnswerDeleteTopics() {
        REQUESTS.same(ApiKeys.CREATE_TOPICS, version -> create(topic("x" + version, 1, 1), topic("y" + version, 1, 1)));
        REQUESTS.same(
                ApiKeys.DELETE_TOPICS,
                version -> delete(),
                version -> delete("absent"),
                version -> delete(""),
                version -> delete("sp ace", LONG_NAME),
                version -> delete("x" + (version + 1), "x" + (version + 1)),
                version -> delete("x" + (version + 1), "absent"),
                version -> delete("x" + (version + 1)),
                version -> new DeleteTopicsRequestData()
                        .setTimeoutMs(TIMEOUT_MS)
                        .setTopics(List.of(
                                new DeleteTopicState().setName(null).setTopicId(NO_ID),
                                new DeleteTopicState().setName(null).setTopicId(NO_ID),
                                new DeleteTopicState().setName(null),
                                new DeleteTopicState().setName("y4").setTopicId(NO_ID),
                                new DeleteTopicState().setName("y5"))),
                version -> new DeleteTopicsRequestData()
                        .setTimeoutMs(TIMEOUT_MS)
                        .setTopics(List.of(new DeleteTopicState().setName(null).setTopicId(NO_ID))));
    }

    @Test
    void shouldAnswerCreatePartitions() {
        REQUESTS.same(ApiKeys.CREATE_TOPICS, version -> create(topic("z" + version, 2, 1)));
        REQUESTS.same(
                ApiKeys.CREATE_PARTITIONS,
                version -> more(),
                version -> more(more("absent", 3)),
                version -> more(more("", 3)),
                version -> more(more("sp ace", 3)),
                version -> more(more("z2", 2)),
                version -> more(more("z2", 1)),
                version -> more(more("z2", 0)),
                version -> more(more("z2", -1)),
                version -> more(more("z3", 3), more("z3", 4)),
                version -> more(more("z" + (version + 2), 3)).setValidateOnly(true),
                version -> more(more("z" + (version + 2), 3), more("absent", 1)),
                version -> more(more("z" + (version + 2), 4, List.of(1))),
                version -> more(more("z" + (version + 2), 4, List.of(2))),
                version -> more(more("z" + (version + 2), 4, List.of())),
                version -> more(more("z" + (version + 2), 4, List.of(1, 1))),
                version -> more(more("z" + (version + 2), 5, List.of(1), List.of(1))),
                version -> more(more("z" + (version + 2), 6, List.of(1), List.of(1))));
    }

    private static MetadataRequestData metadata(String... names) {
        return new MetadataRequestData()
                .setTopics(Arrays.stream(names)
                        .map(name -> new MetadataRequestTopic().setName(name))
                        .toList());
    }

    private static DescribeTopicPartitionsRequestData describe(String... names) {
        return new DescribeTopicPartitionsRequestData()
                .setTopics(Arrays.stream(names)
                        .map(name -> new DescribeTopicPartitionsRequestData.TopicRequest().setName(name))
                        .toList());
    }

    private static Cursor cursor(String topic, int partition) {
        return new Cursor().setTopicName(topic).setPartitionIndex(partition);
    }

    private static CreateTopicsRequestData create(CreatableTopic... topics) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        // Only a list that was given all its topics at once may hold a name twice.
        request.topics().addAll(Arrays.asList(topics));
        return request;
    }

    private static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) replicas);
    }

    private static CreatableTopic configured(String name, String setting, String value) {
        CreatableTopic topic = topic(name, 1, 1);
        topic.configs().add(new CreatableTopicConfig().setName(setting).setValue(value));
        return topic;
    }

    @SafeVarargs
    private static CreatableTopic assigned(String name, int partitions, int replicas, List<Integer>... brokers) {
        CreatableTopic topic = topic(name, partitions, replicas);
        for (int i = 0; i < brokers.length; i++) {
            topic.assignments()
                    .add(new CreatableReplicaAssignment().setPartitionIndex(i).setBrokerIds(brokers[i]));
        }
        return topic;
    }

    private static DeleteTopicsRequestData delete(String... names) {
        return new DeleteTopicsRequestData().setTimeoutMs(TIMEOUT_MS).setTopicNames(List.of(names));
    }

    private static CreatePartitionsRequestData more(CreatePartitionsTopic... topics) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics().addAll(Arrays.asList(topics));
        return request;
    }

    @SafeVarargs
    private static CreatePartitionsTopic more(String name, int count, List<Integer>... brokers) {
        List<CreatePartitionsAssignment> assignments = new ArrayList<>();
        for (List<Integer> ids : brokers) {
            assignments.add(new CreatePartitionsAssignment().setBrokerIds(ids));
        }
        return new CreatePartitionsTopic()
                .setName(name)
                .setCount(count)
                .setAssignments(assignments.isEmpty() ? null : assignments);
    }
}
