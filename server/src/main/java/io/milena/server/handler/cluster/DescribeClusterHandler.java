package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.ListenerView;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.AuthorizedOperations;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Names the brokers of the cluster. Asked for controllers, it says that this listener does not know them (KIP-919). */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequest, DescribeClusterResponse> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;
    private static final int FIRST_VERSION_WITH_ENDPOINT_ERRORS = 1;

    private final ImageSource images;

    public DescribeClusterHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<DescribeClusterResponse> handle(DescribeClusterRequest request, RequestContext context) {
        return CompletableFuture.completedStage(
                request.endpointType() == BROKERS ? brokers(request, context) : refusal(request, context));
    }

    private DescribeClusterResponse brokers(DescribeClusterRequest request, RequestContext context) {
        ClusterImage image = images.image();
        ListenerView view = new ListenerView(image, context.listenerName(), context.localAddress());
        DescribeClusterResponse response = new DescribeClusterResponse()
                .clusterId(image.clusterId())
                .controllerId(image.controllerId())
                .brokers(view.nodes().stream()
                        .map(node -> new DescribeClusterResponse.Broker()
                                .brokerId(node.id())
                                .host(node.host())
                                .port(node.port())
                                .rack(node.rack()))
                        .toList());
        return request.includeClusterAuthorizedOperations()
                ? response.clusterAuthorizedOperations(AuthorizedOperations.ALL_OF_CLUSTER)
                : response;
    }

    private static DescribeClusterResponse refusal(DescribeClusterRequest request, RequestContext context) {
        boolean known = request.endpointType() == CONTROLLERS;
        ErrorCode error = known ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
        String message = known
                ? "This is a listener of brokers; controllers are asked for at their own."
                : "There is no endpoint type " + request.endpointType() + ".";
        return new DescribeClusterResponse()
                .errorCode(
                        context.apiVersion() < FIRST_VERSION_WITH_ENDPOINT_ERRORS ? ErrorCode.INVALID_REQUEST : error)
                .errorMessage(message);
    }
}
