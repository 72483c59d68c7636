package io.milena.log;

/** What a read gives if its first batch is larger than asked for. */
public enum ReadSize {
    /** That one batch, whole (KIP-74). */
    WHOLE_FIRST_BATCH,
    /** Nothing. */
    STRICT
}
