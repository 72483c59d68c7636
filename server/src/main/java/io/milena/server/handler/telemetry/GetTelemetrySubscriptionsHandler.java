package io.milena.server.handler.telemetry;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.GetTelemetrySubscriptionsRequest;
import io.milena.protocol.message.GetTelemetrySubscriptionsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Tells a client which metrics to send: none. A client without an id gets one. */
public final class GetTelemetrySubscriptionsHandler
        implements ApiHandler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> {
    /** Of a client that is asked for nothing. */
    static final int SUBSCRIPTION_ID = 1;

    static final UUID NO_CLIENT = new UUID(0, 0);

    /** The codecs of KIP-714, the preferred one first: zstd, lz4, gzip, snappy. */
    private static final List<Byte> CODECS = List.of((byte) 4, (byte) 3, (byte) 1, (byte) 2);

    private static final int PUSH_INTERVAL_MS = 300_000;

    private final int maxBytes;
    private final Supplier<UUID> ids;

    /**
     * @param maxBytes the largest message with metrics
     * @param ids new ids of clients
     */
    public GetTelemetrySubscriptionsHandler(int maxBytes, Supplier<UUID> ids) {
        this.maxBytes = maxBytes;
        this.ids = ids;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.GET_TELEMETRY_SUBSCRIPTIONS;
    }

    @Override
    public boolean announced() {
        return false;
    }

    @Override
    public CompletionStage<GetTelemetrySubscriptionsResponse> handle(
            GetTelemetrySubscriptionsRequest request, RequestContext context) {
        UUID client = request.clientInstanceId();
        return CompletableFuture.completedStage(new GetTelemetrySubscriptionsResponse()
                .clientInstanceId(client.equals(NO_CLIENT) ? ids.get() : client)
                .subscriptionId(SUBSCRIPTION_ID)
                .acceptedCompressionTypes(CODECS)
                .pushIntervalMs(PUSH_INTERVAL_MS)
                .telemetryMaxBytes(maxBytes)
                .deltaTemporality(true));
    }
}
