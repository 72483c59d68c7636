package io.milena.log;

import io.milena.log.batch.RecordBatch;
import io.milena.log.segment.Segment;
import java.io.IOException;

/** Decides when the active segment is full, as Kafka does. Belongs to the owner of the log. */
final class SegmentRoller {
    private long activeSinceMs;

    SegmentRoller(long nowMs) {
        activeSinceMs = nowMs;
    }

    void begun(long nowMs) {
        activeSinceMs = nowMs;
    }

    /**
     * Whether a batch must not go into the active segment any more.
     *
     * @param sizeInBytes size of the batch and of those to be written with it
     */
    boolean mustRoll(Segment active, LogSettings settings, int sizeInBytes, RecordBatch batch, long nowMs)
            throws IOException {
        int size = active.sizeInBytes();
        return size > settings.segmentBytes() - sizeInBytes
                || batch.lastOffset() - active.baseOffset() > Integer.MAX_VALUE
                || (size > 0 && waited(active, batch.maxTimestamp(), nowMs) > maxWait(active, settings))
                || active.indexFull(settings.segmentIndexBytes());
    }

    /** Time since the first record, by the records' own clock if they have one. */
    private long waited(Segment active, long maxTimestamp, long nowMs) throws IOException {
        long first = active.firstTimestamp();
        return first >= 0 && maxTimestamp >= 0 ? maxTimestamp - first : nowMs - activeSinceMs;
    }

    /** The jitter differs from log to log and from segment to segment, but is the same each time it is asked for. */
    private static long maxWait(Segment active, LogSettings settings) {
        long maxMs = settings.maxSegmentMs();
        long bound = Math.min(settings.segmentJitterMs(), maxMs);
        if (bound <= 0) {
            return maxMs;
        }
        long mixed = active.file().path().hashCode() * 0x9E3779B97F4A7C15L;
        return maxMs - Math.floorMod(mixed ^ (mixed >>> 32), bound);
    }
}
