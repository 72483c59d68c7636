package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.wire.Reader;
import io.milena.server.quota.ClientThrottle;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletionStage;

/** Produce for clients with a quota of bytes: answered at once, but the connection of a client that is over it rests for a while. */
public final class ThrottledProduceHandler implements ApiHandler<ProduceOperation, ProduceOperation> {
    private final ProduceHandler handler;
    private final ClientThrottle throttle;

    public ThrottledProduceHandler(ProduceHandler handler, ClientThrottle throttle) {
        this.handler = handler;
        this.throttle = throttle;
    }

    @Override
    public ApiKey apiKey() {
        return handler.apiKey();
    }

    @Override
    public boolean overlaps() {
        return handler.overlaps();
    }

    @Override
    public ProduceOperation read(Reader reader, int version, ClientConnection connection) {
        return handler.read(reader, version, connection);
    }

    @Override
    public CompletionStage<ProduceOperation> handle(ProduceOperation request, RequestContext context) {
        if (!throttle.isNeeded()) {
            return handler.handle(request, context);
        }
        int throttleMs =
                throttle.use(ClientThrottle.PRODUCED_BYTES, context.user(), context.clientName(), request.batchBytes());
        context.throttle(throttleMs);
        return handler.handle(request, context);
    }
}
