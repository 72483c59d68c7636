package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.Records;
import io.milena.server.quota.ClientThrottle;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletionStage;

/** Produce for clients with a quota of bytes: answered at once, but the connection of a client that is over it rests for a while. */
public final class ThrottledProduceHandler implements ApiHandler<ProduceRequest, ProduceResponse> {
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
    public CompletionStage<ProduceResponse> handle(ProduceRequest request, RequestContext context) {
        if (!throttle.isNeeded()) {
            return handler.handle(request, context);
        }
        int throttleMs =
                throttle.use(ClientThrottle.PRODUCED_BYTES, context.user(), context.clientName(), bytes(request));
        context.throttle(throttleMs);
        return handler.handle(request, context).thenApply(response -> response.throttleTimeMs(throttleMs));
    }

    private static double bytes(ProduceRequest request) {
        double bytes = 0;
        for (ProduceRequest.Topic topic : request.topicData()) {
            for (ProduceRequest.Partition partition : topic.partitionData()) {
                Records records = partition.records();
                bytes += records == null ? 0 : records.sizeInBytes();
            }
        }
        return bytes;
    }
}
