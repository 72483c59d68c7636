package io.milena.server.coordinator.transaction;

/** A decision cannot be made without a new producer id: it is to be made again with one. An expected event, without a stack trace. */
final class ProducerIdNeededException extends RuntimeException {
    ProducerIdNeededException() {
        super("a new producer id is needed", null, false, false);
    }

    /** The id, unless there is none yet. */
    static long check(long freshProducerId) {
        if (freshProducerId == TransactionMetadata.NONE) {
            throw new ProducerIdNeededException();
        }
        return freshProducerId;
    }
}
