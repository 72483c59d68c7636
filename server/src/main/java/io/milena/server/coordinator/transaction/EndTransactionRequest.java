package io.milena.server.coordinator.transaction;

import io.milena.server.coordinator.ProducerIdentity;

/**
 * The outcome a producer wants for its transaction.
 *
 * @param clientVersion see {@link TransactionVersion}
 */
public record EndTransactionRequest(
        String transactionalId, ProducerIdentity producer, boolean committed, int clientVersion) {
    TransactionState outcome() {
        return committed ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
    }
}
