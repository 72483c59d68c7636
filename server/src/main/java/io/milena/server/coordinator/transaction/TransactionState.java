package io.milena.server.coordinator.transaction;

import java.util.Optional;

/** Where a transactional id is in its life, with Kafka's names and numbers. */
public enum TransactionState {
    /** The producer has begun no transaction. */
    EMPTY(0, "Empty"),
    /** Partitions or offsets were added. */
    ONGOING(1, "Ongoing"),
    /** It will be committed, whatever happens. */
    PREPARE_COMMIT(2, "PrepareCommit"),
    /** It will be aborted, whatever happens. */
    PREPARE_ABORT(3, "PrepareAbort"),
    /** All partitions know that it was committed. */
    COMPLETE_COMMIT(4, "CompleteCommit"),
    /** All partitions know that it was aborted. */
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** The id is being forgotten; never stored. */
    DEAD(6, "Dead"),
    /** The producer is being fenced; never stored. */
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private final byte id;
    private final String label;

    TransactionState(int id, String label) {
        this.id = (byte) id;
        this.label = label;
    }

    /** Its number in records. */
    public byte id() {
        return id;
    }

    /** Its name in answers. */
    public String label() {
        return label;
    }

    /** Whether the outcome is fixed but not everybody has been told. */
    public boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** Whether the id may be forgotten. */
    boolean isIdle() {
        return this == EMPTY || this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }

    /** The state of a name in answers. */
    public static Optional<TransactionState> ofLabel(String label) {
        for (TransactionState state : values()) {
            if (state.label.equals(label)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /** The state of a number in records. */
    static Optional<TransactionState> ofId(byte id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }
}
