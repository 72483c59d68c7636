package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a transaction ends. Changes nothing.
 *
 * <p>A client that keeps its epoch (version 0) repeats a request with the same epoch; the state alone tells whether it is a
 * repetition. A client whose epoch grows (version 2) repeats it with the epoch before the current one, and with the current one
 * ends the next transaction, which may be one without any partition:
 *
 * <pre>
 *   version 2        abort             commit
 *   state            again   next      again   next
 *   Empty            fenced  aborts    fenced  invalid
 *   CompleteAbort    done    aborts    invalid invalid
 *   CompleteCommit   invalid aborts    done    invalid
 * </pre>
 *
 * While a transaction ends, every request has to come again (KAFKA-18464).
 */
final class EndTransaction {
    private EndTransaction() {}

    /**
     * The transaction as the producer wants it to end; null if it ended so already.
     *
     * @param freshProducerId a producer id for whom needs one; -1 to be asked for it
     * @throws CoordinatorException if it cannot end so
     */
    static @Nullable TransactionMetadata decide(
            EndTransactionRequest request, TransactionMetadata current, long freshProducerId, long nowMs) {
        boolean bumpsEpoch = TransactionVersion.bumpsEpoch(request.clientVersion());
        boolean rotated = bumpsEpoch && isRepeatedAfterRotation(request, current);
        if (current.producerId() != request.producer().producerId() && !rotated) {
            throw refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING, request, current);
        }
        if (current.state().isPrepared()) { // whoever asks may be the producer that has begun its next transaction
            throw refused(ErrorCode.CONCURRENT_TRANSACTIONS, request, current);
        }
        return bumpsEpoch
                ? decideWithEpochs(request, current, rotated, freshProducerId, nowMs)
                : decideClassic(request, current, nowMs);
    }

    /** Aborts a transaction on behalf of the broker: its producer finds itself fenced. */
    static TransactionMetadata fence(TransactionMetadata current, long freshProducerId, long nowMs) {
        return prepared(current, TransactionState.PREPARE_ABORT, freshProducerId, nowMs);
    }

    private static @Nullable TransactionMetadata decideClassic(
            EndTransactionRequest request, TransactionMetadata current, long nowMs) {
        if (current.producerEpoch() != request.producer().producerEpoch()) {
            throw refused(ErrorCode.PRODUCER_FENCED, request, current);
        }
        if (current.state() == TransactionState.ONGOING) {
            return current.prepared(request.outcome(), request.clientVersion(), TransactionMetadata.NONE, nowMs);
        }
        if (current.state() == completed(request)) {
            return null;
        }
        throw refused(ErrorCode.INVALID_TXN_STATE, request, current);
    }

    private static @Nullable TransactionMetadata decideWithEpochs(
            EndTransactionRequest request,
            TransactionMetadata current,
            boolean rotated,
            long freshProducerId,
            long nowMs) {
        boolean repeated =
                rotated || current.producerEpoch() == request.producer().producerEpoch() + 1;
        boolean next = current.producerEpoch() == request.producer().producerEpoch();
        TransactionState state = current.state();
        boolean completed = state == TransactionState.COMPLETE_COMMIT || state == TransactionState.COMPLETE_ABORT;
        if (!next && !(repeated && completed)) {
            throw refused(ErrorCode.PRODUCER_FENCED, request, current);
        }
        if (state == TransactionState.ONGOING || (state.isIdle() && !repeated && !request.committed())) {
            return prepared(current, request.outcome(), freshProducerId, nowMs);
        }
        if (repeated && state == completed(request)) {
            return null;
        }
        throw refused(ErrorCode.INVALID_TXN_STATE, request, current);
    }

    /** Whether the client missed the answer that gave it a new producer id. */
    private static boolean isRepeatedAfterRotation(EndTransactionRequest request, TransactionMetadata current) {
        return current.previousProducerId() == request.producer().producerId()
                && request.producer().producerEpoch() == Short.MAX_VALUE - 1
                && current.producerEpoch() == 0;
    }

    private static TransactionMetadata prepared(
            TransactionMetadata current, TransactionState outcome, long freshProducerId, long nowMs) {
        long nextProducerId = current.isEpochExhausted()
                ? ProducerIdNeededException.check(freshProducerId)
                : TransactionMetadata.NONE;
        return current.prepared(outcome, TransactionVersion.EPOCH_BUMPING, nextProducerId, nowMs);
    }

    private static TransactionState completed(EndTransactionRequest request) {
        return request.committed() ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT;
    }

    private static CoordinatorException refused(
            ErrorCode error, EndTransactionRequest request, TransactionMetadata current) {
        return new CoordinatorException(
                error, request.transactionalId() + " cannot end a transaction in state " + current.state());
    }
}
