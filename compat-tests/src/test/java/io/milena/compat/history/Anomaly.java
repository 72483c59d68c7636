package io.milena.compat.history;

/** Something in a history that a correct broker does not let happen. */
public record Anomaly(Kind kind, String text) {

    /** What may be wrong. */
    public enum Kind {
        /** A record that was acknowledged or committed is not there. */
        LOST,
        /** One record at two offsets, or read twice without going back. */
        DUPLICATED,
        /** Records in another order than they were sent or written in. */
        REORDERED,
        /** A record of an aborted transaction was read. */
        ABORTED_READ,
        /** A record that was refused was read. */
        FAILED_READ,
        /** A part of a transaction was read, the rest is not there. */
        PARTIAL_TRANSACTION,
        /** A record is not what, or where, it was sent, acknowledged or read before. */
        CHANGED,
        /** Two members of a group had a partition at the same time or in the same epoch. */
        TWO_OWNERS,
        /** A group's offset and the outputs made of its inputs, or what its members read, disagree. */
        OFFSETS
    }

    @Override
    public String toString() {
        return kind + " " + text;
    }
}
