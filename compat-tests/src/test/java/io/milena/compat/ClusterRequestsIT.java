package io.milena.compat;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RequestDifferential;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests about the cluster as a whole, with odd parts too, are answered as the reference answers them, in every version. */
class ClusterRequestsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("offsets.topic.num.partitions", "1"));

    private static final RequestDifferential REQUESTS = new RequestDifferential(BOTH);
    private static final int TIMEOUT_MS = 20_000;

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> broker.topic("a", 2, Map.of()));
        // The first question brings the topic of the coordinators into being, which takes a while.
        Waiting.until(
                "coordinators",
                Duration.ofSeconds(30),
                () -> REQUESTS.responses(ApiKeys.FIND_COORDINATOR, coordinators(0, "g")).stream()
                        .allMatch(response -> response.contains("nodeId=1")),
                () -> "none");
    }

    @AfterAll
    static void close() {
        REQUESTS.close();
    }

    @Test
    void shouldDescribeCluster() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_CLUSTER,
                version -> new DescribeClusterRequestData(),
                version -> new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true),
                version -> new DescribeClusterRequestData().setEndpointType((byte) 2),
                version -> new DescribeClusterRequestData().setEndpointType((byte) 0),
                version -> new DescribeClusterRequestData().setEndpointType((byte) 9),
                version -> new DescribeClusterRequestData().setIncludeFencedBrokers(true));
    }

    @Test
    void shouldDescribeQuorum() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_QUORUM,
                version -> new DescribeQuorumRequestData(),
                version -> quorum("__cluster_metadata", 0),
                version -> quorum("__cluster_metadata", 1),
                version -> quorum("__cluster_metadata", 0, 0),
                version -> quorum("a", 0),
                version -> quorum("", 0));
    }

    @Test
    void shouldElectLeaders() {
        for (int type : new int[] {0, 1, 2, -1}) {
            REQUESTS.same(
                    ApiKeys.ELECT_LEADERS,
                    version -> elect(type).setTopicPartitions(null),
                    version -> elect(type),
                    version -> elect(type, "a", 0, 1),
                    version -> elect(type, "a", 0, 0),
                    version -> elect(type, "a", 9),
                    version -> elect(type, "a"),
                    version -> elect(type, "absent", 0),
                    version -> elect(type, "", -1));
        }
    }

    @Test
    void shouldMovePartitions() {
        REQUESTS.same(
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                version -> move(),
                version -> move(partition("a", 0, 1)),
                version -> move(partition("a", 0, 1).setAllow(false)),
                version -> move(partition("a", 0, 2)),
                version -> move(partition("a", 0, 1, 1)),
                version -> move(partition("a", 0, 1, 2)),
                version -> move(partition("a", 0, -1)),
                version -> move(partition("a", 0)),
                version -> move(partition("a", 9, 1)),
                version -> move(partition("a", -1, 1)),
                version -> move(partition("absent", 0, 1)),
                version -> move(partition("", 0, 1)),
                version -> move(partition("a", 0, 1), partition("a", 0, 1)),
                version -> move(partition("a", 1, 1), partition("a", 0, 9), partition("absent", 0, 1)),
                version -> move(partition("a", 0, 1).cancelled()),
                version -> move(partition("a", 9, 1).cancelled()),
                version -> move(partition("absent", 9, 1).cancelled()));
        REQUESTS.same(
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                version -> new ListPartitionReassignmentsRequestData().setTopics(null),
                version -> new ListPartitionReassignmentsRequestData().setTopics(List.of()),
                version -> moves("a", 0, 0, 9),
                version -> moves("absent", 0),
                version -> moves("", -1));
    }

    @Test
    void shouldUpdateFeatures() {
        REQUESTS.same(
                ApiKeys.UPDATE_FEATURES,
                version -> features(),
                version -> features(feature("metadata.version", 30, 1)),
                version -> features(feature("metadata.version", 99, 1)),
                version -> features(feature("metadata.version", 0, 3)),
                version -> features(feature("metadata.version", -1, 3)),
                version -> features(feature("metadata.version", 6, 2)),
                version -> features(feature("metadata.version", 29, 1)),
                version -> features(feature("no.such", 1, 1)),
                version -> features(feature("no.such", 0, 2)),
                version -> features(feature("", 1, 1)),
                version -> features(feature("metadata.version", 30, 0)),
                version -> features(feature("metadata.version", 30, 9)),
                version -> features(feature("no.such", 1, 1), feature("metadata.version", 30, 1)),
                version -> features(feature("metadata.version", 30, 1)).setValidateOnly(true));
    }

    @Test
    void shouldUnregisterUnknownBrokers() {
        REQUESTS.same(
                ApiKeys.UNREGISTER_BROKER,
                version -> new UnregisterBrokerRequestData().setBrokerId(7),
                version -> new UnregisterBrokerRequestData().setBrokerId(-1));
    }

    @Test
    void shouldFindCoordinators() {
        for (int type : new int[] {0, 3, -1}) {
            REQUESTS.same(
                    ApiKeys.FIND_COORDINATOR,
                    version -> new FindCoordinatorRequestData().setKey("g").setKeyType((byte) type),
                    version -> new FindCoordinatorRequestData().setKey("").setKeyType((byte) type),
                    version -> coordinators(type),
                    version -> coordinators(type, "g", "h", "g"),
                    version -> coordinators(type, "", "h"));
        }
    }

    @Test
    void shouldDescribeLogDirs() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_LOG_DIRS,
                version -> dirs("absent", 0),
                version -> dirs("a", 0, 1, 0, 9),
                version -> dirs("a"),
                version -> dirs("", 0));
    }

    @Test
    void shouldKeepTheOnlyVoter() {
        REQUESTS.same(
                ApiKeys.ADD_RAFT_VOTER,
                version -> new AddRaftVoterRequestData().setClusterId(null).setVoterId(7),
                version -> {
                    AddRaftVoterRequestData voter =
                            new AddRaftVoterRequestData().setClusterId(null).setVoterId(7);
                    voter.listeners()
                            .add(new AddRaftVoterRequestData.Listener()
                                    .setName("CONTROLLER")
                                    .setHost("127.0.0.1")
                                    .setPort(1));
                    return voter.setTimeoutMs(TIMEOUT_MS);
                },
                version -> new AddRaftVoterRequestData().setClusterId("other").setVoterId(7));
        REQUESTS.same(
                ApiKeys.REMOVE_RAFT_VOTER,
                version -> new RemoveRaftVoterRequestData().setClusterId(null).setVoterId(7),
                version -> new RemoveRaftVoterRequestData()
                        .setClusterId(null)
                        .setVoterId(1)
                        .setVoterDirectoryId(new Uuid(1, 2)),
                version ->
                        new RemoveRaftVoterRequestData().setClusterId("other").setVoterId(7));
    }

    @Test
    void shouldRefuseUnknownSoftware() {
        for (String name : List.of("a", "", "a b", "-a", "a.b-c")) {
            REQUESTS.same(
                    ApiKeys.API_VERSIONS,
                    version -> version < 3 || name.matches("a|a.b-c")
                            ? null
                            : new ApiVersionsRequestData()
                                    .setClientSoftwareName(name)
                                    .setClientSoftwareVersion("1"));
        }
    }

    /** A partition of a request to move partitions. */
    private record Move(ReassignableTopic topic, boolean allow) {
        Move setAllow(boolean allowed) {
            return new Move(topic, allowed);
        }

        Move cancelled() {
            topic.partitions().get(0).setReplicas(null);
            return this;
        }
    }

    private static DescribeQuorumRequestData quorum(String topic, Integer... partitions) {
        return new DescribeQuorumRequestData()
                .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                        .setTopicName(topic)
                        .setPartitions(Arrays.stream(partitions)
                                .map(index -> new DescribeQuorumRequestData.PartitionData().setPartitionIndex(index))
                                .toList())));
    }

    private static ElectLeadersRequestData elect(int type) {
        return new ElectLeadersRequestData().setElectionType((byte) type).setTimeoutMs(TIMEOUT_MS);
    }

    private static ElectLeadersRequestData elect(int type, String topic, Integer... partitions) {
        TopicPartitionsCollection topics = new TopicPartitionsCollection();
        topics.add(new TopicPartitions().setTopic(topic).setPartitions(List.of(partitions)));
        return elect(type).setTopicPartitions(topics);
    }

    private static AlterPartitionReassignmentsRequestData move(Move... moves) {
        return new AlterPartitionReassignmentsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setAllowReplicationFactorChange(Arrays.stream(moves).allMatch(Move::allow))
                .setTopics(Arrays.stream(moves).map(Move::topic).toList());
    }

    private static Move partition(String topic, int index, Integer... replicas) {
        return new Move(
                new ReassignableTopic()
                        .setName(topic)
                        .setPartitions(List.of(new ReassignablePartition()
                                .setPartitionIndex(index)
                                .setReplicas(List.of(replicas)))),
                true);
    }

    private static ListPartitionReassignmentsRequestData moves(String topic, Integer... partitions) {
        return new ListPartitionReassignmentsRequestData()
                .setTopics(List.of(new ListPartitionReassignmentsTopics()
                        .setName(topic)
                        .setPartitionIndexes(List.of(partitions))));
    }

    private static UpdateFeaturesRequestData features(FeatureUpdateKey... updates) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData().setTimeoutMs(TIMEOUT_MS);
        request.featureUpdates().addAll(Arrays.asList(updates));
        return request;
    }

    private static FeatureUpdateKey feature(String name, int level, int type) {
        return new FeatureUpdateKey()
                .setFeature(name)
                .setMaxVersionLevel((short) level)
                .setUpgradeType((byte) type);
    }

    private static FindCoordinatorRequestData coordinators(int type, String... keys) {
        return new FindCoordinatorRequestData().setKeyType((byte) type).setCoordinatorKeys(List.of(keys));
    }

    private static DescribeLogDirsRequestData dirs(String topic, Integer... partitions) {
        DescribableLogDirTopicCollection topics = new DescribableLogDirTopicCollection();
        topics.add(new DescribableLogDirTopic().setTopic(topic).setPartitions(List.of(partitions)));
        return new DescribeLogDirsRequestData().setTopics(topics);
    }
}
