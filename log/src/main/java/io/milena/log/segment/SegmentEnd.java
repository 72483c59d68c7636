package io.milena.log.segment;

/**
 * How far a segment reaches, published as one value after each append so that readers never see half of a batch.
 *
 * @param position size of the data in bytes
 * @param nextOffset offset after the last batch
 * @param lastBatchPosition where the batch that reaches up to the end starts, or -1 if unknown
 * @param lastBatchOffsetDelta from the first to the last offset of that batch; nothing if it is unknown
 * @param maxTimestamp largest timestamp in ms; -1 if no record has one, {@link #UNKNOWN} if the time index must be asked
 * @param offsetOfMaxTimestamp last offset of the first batch with that timestamp
 */
public record SegmentEnd(
        int position,
        long nextOffset,
        int lastBatchPosition,
        int lastBatchOffsetDelta,
        long maxTimestamp,
        long offsetOfMaxTimestamp) {
    /** The time index of the sealed segment was not looked at yet. */
    static final long UNKNOWN = Long.MIN_VALUE;

    static SegmentEnd empty(long baseOffset) {
        return new SegmentEnd(0, baseOffset, -1, 0, -1, -1);
    }

    /** The same end, at a later offset perhaps. The last batch is then unknown, as it does not reach up to the end. */
    SegmentEnd at(long offset) {
        return offset == nextOffset
                ? this
                : new SegmentEnd(position, offset, -1, 0, maxTimestamp, offsetOfMaxTimestamp);
    }

    /** Base offset of the last batch, if its position is known. */
    long lastBatchOffset() {
        return nextOffset - 1 - lastBatchOffsetDelta;
    }

    static SegmentEnd unread(int position, long nextOffset) {
        return new SegmentEnd(position, nextOffset, -1, 0, UNKNOWN, -1);
    }
}
