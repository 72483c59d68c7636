package io.milena.server.coordinator.transaction;

/** A record of {@code __transaction_state}, decoded. */
public sealed interface TransactionRecord {
    /** The transactional id concerned. */
    String transactionalId();

    /** What is known of an id from now on. */
    record Stored(TransactionMetadata transaction) implements TransactionRecord {
        @Override
        public String transactionalId() {
            return transaction.transactionalId();
        }
    }

    /** The id is forgotten. */
    record Removed(String transactionalId) implements TransactionRecord {}
}
