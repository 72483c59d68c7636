package io.milena.log.producer;

import io.milena.log.batch.RecordBatch;

/**
 * A batch a producer appended lately.
 *
 * @param lastSequence sequence number of its last record
 * @param lastOffset offset of its last record
 * @param offsetDelta distance from its first to its last record
 * @param timestamp its largest timestamp in ms, or the append time
 */
public record AppendedBatch(int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
    /** What is to be known of a batch in the log. */
    public static AppendedBatch of(RecordBatch batch) {
        return new AppendedBatch(
                batch.lastSequence(), batch.lastOffset(), batch.lastOffsetDelta(), batch.maxTimestamp());
    }

    /** Sequence number of its first record. */
    public int firstSequence() {
        return firstSequence(lastSequence, offsetDelta);
    }

    static int firstSequence(int lastSequence, int offsetDelta) {
        return (lastSequence - offsetDelta) & Integer.MAX_VALUE;
    }

    /** Offset of its first record. */
    public long firstOffset() {
        return lastOffset - offsetDelta;
    }
}
