package io.milena.log.batch;

/** Whose clock a record's timestamp comes from. */
public enum TimestampType {
    /** The producer's. */
    CREATE_TIME,
    /** The broker's, at the moment of the append. */
    LOG_APPEND_TIME
}
