package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.UnregisterBrokerRequest;
import io.milena.protocol.message.UnregisterBrokerResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes brokers out of the cluster that will not come back (KIP-746). The only broker is never one of them. */
public final class UnregisterBrokerHandler implements ApiHandler<UnregisterBrokerRequest, UnregisterBrokerResponse> {
    private final ImageSource images;

    public UnregisterBrokerHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.UNREGISTER_BROKER;
    }

    @Override
    public CompletionStage<UnregisterBrokerResponse> handle(UnregisterBrokerRequest request, RequestContext context) {
        boolean known = images.image().broker(request.brokerId()) != null;
        return CompletableFuture.completedStage(new UnregisterBrokerResponse()
                .errorCode(known ? ErrorCode.INVALID_REQUEST : ErrorCode.BROKER_ID_NOT_REGISTERED)
                .errorMessage(
                        known
                                ? "Broker " + request.brokerId() + " is running."
                                : "There is no broker " + request.brokerId() + "."));
    }
}
