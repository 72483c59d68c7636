package io.milena.server.partition;

import io.milena.protocol.ErrorCode;

/**
 * The four offsets a partition shows to everybody. Written inside its strand only, read by any thread.
 *
 * <p>They are written from the largest to the smallest; who reads them from the smallest to the largest never sees them out of order.
 */
final class PublishedOffsets {
    private volatile long logStartOffset;
    private volatile long lastStableOffset;
    private volatile long highWatermark;
    private volatile long logEndOffset;

    /** The offsets of a log that was just opened; a high watermark that it does not reach, or that was deleted, is moved into it. */
    PublishedOffsets(long logStartOffset, long knownHighWatermark, long logEndOffset) {
        this.logStartOffset = logStartOffset;
        this.lastStableOffset = logStartOffset;
        this.highWatermark = Math.max(logStartOffset, Math.min(knownHighWatermark, logEndOffset));
        this.logEndOffset = logEndOffset;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    long lastStableOffset() {
        return lastStableOffset;
    }

    long highWatermark() {
        return highWatermark;
    }

    long logEndOffset() {
        return logEndOffset;
    }

    /** Whether somebody could read more if these were published. */
    boolean advances(long stable, long committed, long end) {
        return end > logEndOffset || committed > highWatermark || stable > lastStableOffset;
    }

    /** @throws PartitionException unless everything below an offset may be deleted */
    void checkDeletion(long offset) {
        if (offset < 0 || offset > highWatermark) {
            throw new PartitionException(ErrorCode.OFFSET_OUT_OF_RANGE, "cannot delete up to " + offset);
        }
    }

    /** @throws IllegalStateException if they are not in order, or one that clients saw would go back; nothing is published then */
    void publish(long start, long stable, long committed, long end) {
        boolean ordered = start <= stable && stable <= committed && committed <= end;
        boolean forward = start >= logStartOffset && stable >= lastStableOffset && committed >= highWatermark;
        if (!ordered || !forward) {
            throw new IllegalStateException(
                    "offsets start=" + start + " stable=" + stable + " highWatermark=" + committed
                            + " end=" + end + " after start=" + logStartOffset + " stable=" + lastStableOffset
                            + " highWatermark=" + highWatermark + " end=" + logEndOffset);
        }
        logEndOffset = end;
        highWatermark = committed;
        lastStableOffset = stable;
        logStartOffset = start;
    }
}
