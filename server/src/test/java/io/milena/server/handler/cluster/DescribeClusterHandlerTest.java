package io.milena.server.handler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.request.AuthorizedOperations;
import io.milena.server.request.TestRequests;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DescribeClusterHandlerTest {
    private final ManualCluster cluster = new ManualCluster(Map.of());

    @Test
    void shouldNameBrokersAndAController() {
        DescribeClusterResponse response = call(2, new DescribeClusterRequest());
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.clusterId()).isEqualTo("cluster");
        assertThat(response.controllerId()).isEqualTo(1);
        assertThat(response.brokers())
                .containsExactly(new DescribeClusterResponse.Broker()
                        .brokerId(1)
                        .host("127.0.0.1")
                        .port(9092)
                        .rack("r1"));
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(AuthorizedOperations.NOT_ASKED);
    }

    @Test
    void shouldTellOperationsWhenAsked() {
        assertThat(call(1, new DescribeClusterRequest().includeClusterAuthorizedOperations(true))
                        .clusterAuthorizedOperations())
                .isEqualTo(AuthorizedOperations.ALL_OF_CLUSTER);
    }

    @Test
    void shouldNotPretendToBeAController() {
        assertThat(call(1, new DescribeClusterRequest().endpointType((byte) 2)).errorCode())
                .isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE);
        assertThat(call(1, new DescribeClusterRequest().endpointType((byte) 3)).errorCode())
                .isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE);
    }

    private DescribeClusterResponse call(int version, DescribeClusterRequest request) {
        return cluster.await(new DescribeClusterHandler(cluster.controller())
                .handle(request, TestRequests.context(ApiKey.DESCRIBE_CLUSTER, version)));
    }
}
