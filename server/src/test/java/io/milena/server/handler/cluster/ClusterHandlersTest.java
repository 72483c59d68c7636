package io.milena.server.handler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeQuorumRequest;
import io.milena.protocol.message.DescribeQuorumResponse;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesResponse;
import io.milena.protocol.wire.Writer;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.TestRequests;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterHandlersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1000), ZoneOffset.UTC);

    private final ManualCluster cluster = new ManualCluster(Map.of());

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldDescribeTheQuorumInEveryVersion(int version) {
        DescribeQuorumResponse response = quorum(version, 0);
        DescribeQuorumResponse.Partition partition =
                response.topics().get(0).partitions().get(0);
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(partition.leaderId()).isEqualTo(1);
        assertThat(partition.currentVoters()).hasSize(1);
        response.write(new Writer(64), version);
    }

    @Test
    void shouldDescribeTheQuorumOfOnePartitionOnly() {
        DescribeQuorumResponse response = quorum(2, 0, 0);
        assertThat(response.nodes()).isEmpty();
        assertThat(response.topics().get(0).partitions())
                .extracting(DescribeQuorumResponse.Partition::errorCode)
                .containsOnly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldElectNobody() {
        cluster.create("a", 1);
        assertThat(elect(0, null).replicaElectionResults())
                .containsExactly(new ElectLeadersResponse.TopicResult().topic("a"));
        ElectLeadersResponse known = elect(0, List.of(0, 1));
        assertThat(known.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(known.replicaElectionResults().get(0).partitionResult())
                .extracting(ElectLeadersResponse.PartitionResult::errorCode)
                .containsExactly(ErrorCode.ELECTION_NOT_NEEDED, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(elect(7, List.of(0)).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldMoveLevelsOfFeatures() {
        assertThat(update("group.version", 1, 1).results()).hasSize(1);
        assertThat(update("group.version", 0, 1).errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(update("group.version", 0, 0).errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(update("group.version", 0, 2).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.controller().image().features().level("group.version"))
                .isZero();
        assertThat(update("group.version", 1, 3).errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(update("group.version", 2, 1).errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(update("transaction.version", 1, 3).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(update("metadata.version", 29, 3).errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(update("g", 1, 1).errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(update("g", 1, 1).results()).isEmpty();
        assertThat(cluster.controller().image().features().epoch()).isEqualTo(3);
    }

    @Test
    void shouldNameTheControllerAtItsOwnListener() {
        DescribeClusterResponse response = controllers(2, 2);
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.endpointType()).isEqualTo((byte) 2);
        assertThat(response.brokers()).singleElement().satisfies(node -> {
            assertThat(node.brokerId()).isEqualTo(1);
            assertThat(node.port()).isEqualTo(9092);
        });
        assertThat(controllers(1, 1).errorCode()).isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE);
        assertThat(controllers(1, 9).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE);
    }

    private DescribeClusterResponse controllers(int version, int endpointType) {
        return cluster.await(new DescribeControllersHandler(cluster.controller())
                .handle(
                        new DescribeClusterRequest().endpointType((byte) endpointType),
                        TestRequests.context(ApiKey.DESCRIBE_CLUSTER, version)));
    }

    private DescribeQuorumResponse quorum(int version, Integer... partitions) {
        DescribeQuorumRequest request = new DescribeQuorumRequest()
                .topics(List.of(new DescribeQuorumRequest.Topic()
                        .topicName(TopicImage.CLUSTER_METADATA)
                        .partitions(Arrays.stream(partitions)
                                .map(index -> new DescribeQuorumRequest.Partition().partitionIndex(index))
                                .toList())));
        return cluster.await(new DescribeQuorumHandler(cluster.controller(), CLOCK)
                .handle(request, TestRequests.context(ApiKey.DESCRIBE_QUORUM, version)));
    }

    private ElectLeadersResponse elect(int type, @Nullable List<Integer> partitions) {
        ElectLeadersRequest request = new ElectLeadersRequest()
                .electionType((byte) type)
                .topicPartitions(
                        partitions == null
                                ? null
                                : List.of(new ElectLeadersRequest.TopicPartitions()
                                        .topic("a")
                                        .partitions(partitions)));
        return cluster.await(new ElectLeadersHandler(cluster.controller())
                .handle(request, TestRequests.context(ApiKey.ELECT_LEADERS, 2)));
    }

    private UpdateFeaturesResponse update(String feature, int level, int type) {
        UpdateFeaturesRequest request = new UpdateFeaturesRequest()
                .featureUpdates(List.of(new UpdateFeaturesRequest.FeatureUpdate()
                        .feature(feature)
                        .maxVersionLevel((short) level)
                        .upgradeType((byte) type)));
        return cluster.await(new UpdateFeaturesHandler(cluster.controller())
                .handle(request, TestRequests.context(ApiKey.UPDATE_FEATURES, 1)));
    }
}
