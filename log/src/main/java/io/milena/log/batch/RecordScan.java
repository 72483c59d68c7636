package io.milena.log.batch;

import io.milena.log.LogError;
import io.milena.log.LogException;

/**
 * Steps over the records of one batch and shows what a validator needs of each, without making objects. Structure is
 * checked on the way: sizes that contradict each other end in {@link LogError#INVALID_RECORD}.
 *
 * <pre>
 *   record:  size | attributes 1 byte | timestamp delta | offset delta | key size | key | value size | value
 *            | header count | (key size | key | value size | value)*
 *   sizes, counts and deltas are zigzag varints; a negative size stands for null
 * </pre>
 */
interface RecordScan {
    /** Moves to the next record; false when the bytes end where a record would start. */
    boolean advance();

    /** Distance of the current record's offset from the batch's base offset. */
    int offsetDelta();

    /** Distance of the current record's timestamp from the batch's base timestamp, in ms. */
    long timestampDelta();

    /** Bytes of the current record's key, negative for null. */
    int keySize();

    /** The refusal of a record whose bytes contradict each other. */
    static LogException malformed(String what) {
        return new LogException(LogError.INVALID_RECORD, "Malformed record: " + what);
    }
}
