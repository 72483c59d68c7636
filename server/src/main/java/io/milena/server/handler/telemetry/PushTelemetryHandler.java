package io.milena.server.handler.telemetry;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.PushTelemetryRequest;
import io.milena.protocol.message.PushTelemetryResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes metrics of a client, and drops them. */
public final class PushTelemetryHandler implements ApiHandler<PushTelemetryRequest, PushTelemetryResponse> {
    private final int maxBytes;

    /** @param maxBytes the largest message with metrics */
    public PushTelemetryHandler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.PUSH_TELEMETRY;
    }

    @Override
    public boolean announced() {
        return false;
    }

    @Override
    public CompletionStage<PushTelemetryResponse> handle(PushTelemetryRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new PushTelemetryResponse().errorCode(error(request)));
    }

    private ErrorCode error(PushTelemetryRequest request) {
        if (request.clientInstanceId().equals(GetTelemetrySubscriptionsHandler.NO_CLIENT)) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (request.subscriptionId() != GetTelemetrySubscriptionsHandler.SUBSCRIPTION_ID) {
            return ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
        }
        return request.metrics().length > maxBytes ? ErrorCode.TELEMETRY_TOO_LARGE : ErrorCode.NONE;
    }
}
