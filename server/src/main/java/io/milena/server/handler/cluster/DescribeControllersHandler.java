package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.AuthorizedOperations;
import io.milena.server.request.RequestContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Names the controllers of the cluster to whoever asks at their own listener (KIP-919): the one that is asked, at the address the client
 * connected to. Asked for brokers, it says that this listener does not know them.
 */
public final class DescribeControllersHandler implements ApiHandler<DescribeClusterRequest, DescribeClusterResponse> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;
    private static final int FIRST_VERSION_WITH_ENDPOINT_TYPES = 1;

    private final ImageSource images;

    public DescribeControllersHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<DescribeClusterResponse> handle(DescribeClusterRequest request, RequestContext context) {
        if (context.apiVersion() < FIRST_VERSION_WITH_ENDPOINT_TYPES || request.endpointType() != CONTROLLERS) {
            return CompletableFuture.completedStage(refusal(request, context));
        }
        ClusterImage image = images.image();
        InetSocketAddress address = context.localAddress();
        return CompletableFuture.completedStage(new DescribeClusterResponse()
                .endpointType(CONTROLLERS)
                .clusterId(image.clusterId())
                .controllerId(image.controllerId())
                .brokers(List.of(new DescribeClusterResponse.Broker()
                        .brokerId(image.controllerId())
                        .host(address.getHostString())
                        .port(address.getPort())
                        .rack(null)))
                .clusterAuthorizedOperations(
                        request.includeClusterAuthorizedOperations()
                                ? AuthorizedOperations.ALL_OF_CLUSTER
                                : AuthorizedOperations.NOT_ASKED));
    }

    private static DescribeClusterResponse refusal(DescribeClusterRequest request, RequestContext context) {
        if (context.apiVersion() < FIRST_VERSION_WITH_ENDPOINT_TYPES) {
            return new DescribeClusterResponse()
                    .errorCode(ErrorCode.INVALID_REQUEST)
                    .errorMessage("This is a listener of controllers; this version asks for brokers.");
        }
        return new DescribeClusterResponse()
                .errorCode(
                        request.endpointType() == BROKERS
                                ? ErrorCode.MISMATCHED_ENDPOINT_TYPE
                                : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE)
                .errorMessage("This is a listener of controllers; brokers are asked for at their own.");
    }
}
