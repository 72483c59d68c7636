package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import org.jspecify.annotations.Nullable;

/** Decides what InitProducerId comes to. Changes nothing. */
final class InitProducer {
    private InitProducer() {}

    /**
     * What becomes of the id: Empty with a new epoch, or PrepareAbort if a transaction has to be ended first.
     *
     * @param current what is known of the id, null if nothing
     * @param freshProducerId a producer id for whom needs one; -1 to be asked for it
     * @throws CoordinatorException if the producer may not use the id, or not yet
     */
    static TransactionMetadata decide(
            InitProducerRequest request, @Nullable TransactionMetadata current, long freshProducerId, long nowMs) {
        if (current == null) {
            long producerId = ProducerIdNeededException.check(freshProducerId);
            return TransactionMetadata.first(request.transactionalId(), producerId, request.timeoutMs(), nowMs);
        }
        if (!request.isNew() && !isKnown(request, current)) {
            throw new CoordinatorException(
                    ErrorCode.PRODUCER_FENCED, "another producer uses " + request.transactionalId());
        }
        return switch (current.state()) {
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> begin(request, current, freshProducerId, nowMs);
            case ONGOING -> EndTransaction.fence(current, freshProducerId, nowMs);
            case PREPARE_COMMIT, PREPARE_ABORT, DEAD, PREPARE_EPOCH_FENCE ->
                throw new CoordinatorException(
                        ErrorCode.CONCURRENT_TRANSACTIONS, request.transactionalId() + " ends a transaction");
        };
    }

    private static boolean isKnown(InitProducerRequest request, TransactionMetadata current) {
        long producerId = request.expected().producerId();
        return producerId == current.producerId()
                || (producerId == current.previousProducerId()
                        && TransactionMetadata.isExhausted(request.expected().producerEpoch()));
    }

    private static TransactionMetadata begin(
            InitProducerRequest request, TransactionMetadata current, long freshProducerId, long nowMs) {
        short expected = request.expected().producerEpoch();
        if (current.isEpochExhausted() && (request.isNew() || expected == current.producerEpoch())) {
            short remembered = request.isNew() ? (short) TransactionMetadata.NONE : current.producerEpoch();
            long producerId = ProducerIdNeededException.check(freshProducerId);
            return current.rotated(producerId, remembered, request.timeoutMs(), nowMs);
        }
        return request.isNew()
                ? current.takenOver(request.timeoutMs(), nowMs)
                : current.resumed(expected, request.timeoutMs(), nowMs);
    }
}
