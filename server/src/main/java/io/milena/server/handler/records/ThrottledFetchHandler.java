package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Records;
import io.milena.server.quota.ClientThrottle;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletionStage;

/** Fetch for clients with a quota of bytes: the response goes out at once, but the connection of a client that is over it rests for a while. */
public final class ThrottledFetchHandler implements ApiHandler<FetchRequest, FetchResponse> {
    private final FetchHandler handler;
    private final ClientThrottle throttle;

    public ThrottledFetchHandler(FetchHandler handler, ClientThrottle throttle) {
        this.handler = handler;
        this.throttle = throttle;
    }

    @Override
    public ApiKey apiKey() {
        return handler.apiKey();
    }

    @Override
    public FetchRequest read(Reader reader, int version, ClientConnection connection) {
        return handler.read(reader, version, connection);
    }

    @Override
    public CompletionStage<FetchResponse> handle(FetchRequest request, RequestContext context) {
        CompletionStage<FetchResponse> stage = handler.handle(request, context);
        return throttle.isNeeded() ? stage.thenApply(response -> throttled(response, context)) : stage;
    }

    private FetchResponse throttled(FetchResponse response, RequestContext context) {
        int throttleMs =
                throttle.use(ClientThrottle.FETCHED_BYTES, context.user(), context.clientName(), bytes(response));
        context.throttle(throttleMs);
        return response.throttleTimeMs(throttleMs);
    }

    private static double bytes(FetchResponse response) {
        double bytes = 0;
        for (FetchResponse.Topic topic : response.responses()) {
            for (FetchResponse.Partition partition : topic.partitions()) {
                Records records = partition.records();
                bytes += records == null ? 0 : records.sizeInBytes();
            }
        }
        return bytes;
    }
}
