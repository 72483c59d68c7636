package io.milena.server.coordinator;

import io.milena.log.batch.ControlRecord;
import java.nio.ByteBuffer;

/**
 * The end of a transaction, as each of its partitions is told.
 *
 * @param producer whose transaction, with the epoch that the marker carries
 * @param committed whether its records count
 * @param coordinatorEpoch epoch of the coordinator that decided it
 * @param transactionVersion 0 and 1 end a transaction in the epoch of its records, 2 in the next one (KIP-890)
 */
public record TransactionMarker(
        ProducerIdentity producer, boolean committed, int coordinatorEpoch, int transactionVersion) {
    /** The marker as a batch to be appended. */
    public ByteBuffer toBatch(long nowMs) {
        ControlRecord.Type type = committed ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
        return new ControlRecord(type, coordinatorEpoch)
                .toBatch(producer.producerId(), producer.producerEpoch(), nowMs)
                .bytes();
    }
}
