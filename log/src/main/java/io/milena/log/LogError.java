package io.milena.log;

/** What can go wrong in a partition's log, named as Kafka names the wire error it becomes. */
public enum LogError {
    /** Bytes that are not a record batch: bad size, checksum or layout. */
    CORRUPT_MESSAGE,
    /** A well-formed batch or record that breaks a rule of the partition. */
    INVALID_RECORD,
    /** A record timestamp outside the range the topic allows. */
    INVALID_TIMESTAMP,
    /** One batch larger than the topic allows. */
    MESSAGE_TOO_LARGE,
    /** The batches of one append are larger than a segment. */
    RECORD_LIST_TOO_LARGE,
    /** A producer's sequence number leaves a gap. */
    OUT_OF_ORDER_SEQUENCE_NUMBER,
    /** A producer's sequence number was appended before, and its offsets are no longer known. */
    DUPLICATE_SEQUENCE_NUMBER,
    /** The producer epoch is older than one already seen. */
    INVALID_PRODUCER_EPOCH,
    /** Nothing is known of the producer id any more. */
    UNKNOWN_PRODUCER_ID,
    /** A codec that does not exist or may not be used here. */
    UNSUPPORTED_COMPRESSION_TYPE,
    /** A record format this log does not store. */
    UNSUPPORTED_FOR_MESSAGE_FORMAT,
    /** An offset outside the log. */
    OFFSET_OUT_OF_RANGE,
    /** A transactional step that does not fit the state of the transaction. */
    INVALID_TXN_STATE,
    /** A marker of a transaction coordinator that another one has replaced. */
    TRANSACTION_COORDINATOR_FENCED,
    /** The disk failed; the log cannot be trusted with more appends. */
    STORAGE_ERROR
}
