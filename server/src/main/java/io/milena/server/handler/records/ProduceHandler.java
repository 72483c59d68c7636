package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.wire.Reader;
import io.milena.server.cluster.ImageSource;
import io.milena.server.coordinator.transaction.PartitionVerification;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timers;
import java.util.concurrent.CompletionStage;

/**
 * Produce. Brings each batch to its partition's strand; where the strand is free, all of it happens on the event loop before
 * {@link #handle} returns. The order of a connection's batches for a partition is settled by then, so requests may overlap.
 */
public final class ProduceHandler implements ApiHandler<ProduceOperation, ProduceOperation> {
    private final ProduceOperation.Surroundings surroundings;

    /** @param verification asked before a transaction begins in a partition */
    public ProduceHandler(
            PartitionLookup partitions, ImageSource images, Timers timers, PartitionVerification verification) {
        surroundings = new ProduceOperation.Surroundings(partitions, images, timers, verification);
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
    public ProduceOperation read(Reader reader, int version, ClientConnection connection) {
        ProduceOperation operation = new ProduceOperation(surroundings);
        ProduceFormat.read(reader, version, connection, operation);
        return operation;
    }

    @Override
    public CompletionStage<ProduceOperation> handle(ProduceOperation request, RequestContext context) {
        if (request.acks() == Acks.NONE) {
            context.expectNoResponse();
        }
        return request.run(context);
    }
}
