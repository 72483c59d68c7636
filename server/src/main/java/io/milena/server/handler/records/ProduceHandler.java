package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.coordinator.transaction.PartitionVerification;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timers;
import java.util.concurrent.CompletionStage;

/**
 * Produce. Brings each batch to its partition's strand; where the strand is free, all of it happens on the event loop before
 * {@link #handle} returns. The order of a connection's batches for a partition is settled by then, so requests may overlap.
 */
public final class ProduceHandler implements ApiHandler<ProduceRequest, ProduceResponse> {
    private final PartitionLookup partitions;
    private final ImageSource images;
    private final Timers timers;
    private final PartitionVerification verification;

    /** @param verification asked before a transaction begins in a partition */
    public ProduceHandler(
            PartitionLookup partitions, ImageSource images, Timers timers, PartitionVerification verification) {
        this.partitions = partitions;
        this.images = images;
        this.timers = timers;
        this.verification = verification;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.PRODUCE;
    }

    @Override
    public boolean overlaps() {
        return true;
    }

    @Override
    public CompletionStage<ProduceResponse> handle(ProduceRequest request, RequestContext context) {
        if (request.acks() == Acks.NONE) {
            context.expectNoResponse();
        }
        BatchCheck check = new BatchCheck(request, context, verification);
        return new ProduceOperation(request, context, partitions, images, timers, check).run();
    }
}
