package io.milena.log.clean;

import io.milena.log.segment.Segment;
import java.io.IOException;
import java.util.List;

/**
 * How much there is to clean in a log. Counted in whole segments, as Kafka counts it: a segment that holds the first dirty
 * offset counts on both sides.
 *
 * @param firstDirtyOffset below it the log is clean
 * @param firstUncleanableOffset at and above it nothing may be cleaned yet
 * @param cleanBytes size of the segments that begin below the first
 * @param cleanableBytes size of the segments between the two
 * @param overdue whether a dirty record is older than {@code max.compaction.lag.ms}
 */
public record Dirt(
        long firstDirtyOffset, long firstUncleanableOffset, long cleanBytes, long cleanableBytes, boolean overdue) {
    /**
     * How long records stay dirty.
     *
     * @param minMs time for which every record stays, {@code min.compaction.lag.ms}
     * @param maxMs time after which a log is cleaned however little is dirty, {@code max.compaction.lag.ms}
     */
    public record Lag(long minMs, long maxMs) {}

    /**
     * Looks at a log. May read the first batch or the time index of a segment from the disk.
     *
     * @param segments all of them; the last one is active and not cleaned
     * @param stableOffset nothing at or above it is cleaned; the last stable offset
     */
    public static Dirt in(List<Segment> segments, long firstDirtyOffset, long stableOffset, Lag lag, long nowMs)
            throws IOException {
        int sealed = segments.size() - 1;
        int dirty = 0;
        while (dirty < sealed && segments.get(dirty + 1).baseOffset() <= firstDirtyOffset) {
            dirty++;
        }
        int uncleanable = dirty;
        while (uncleanable < sealed
                && segments.get(uncleanable + 1).baseOffset() <= stableOffset
                && segments.get(uncleanable).isPersisted()
                && (lag.minMs() <= 0 || segments.get(uncleanable).newestMs() <= nowMs - lag.minMs())) {
            uncleanable++;
        }
        long firstUncleanableOffset = segments.get(uncleanable).baseOffset();
        long cleanBytes = 0;
        for (Segment segment : segments) {
            cleanBytes += segment.baseOffset() < firstDirtyOffset ? segment.sizeInBytes() : 0;
        }
        long cleanableBytes = 0;
        for (Segment segment : segments.subList(dirty, uncleanable)) {
            cleanableBytes += segment.sizeInBytes();
        }
        boolean overdue = isOverdue(segments.subList(dirty, sealed), nowMs - lag.maxMs());
        return new Dirt(firstDirtyOffset, firstUncleanableOffset, cleanBytes, cleanableBytes, overdue);
    }

    private static boolean isOverdue(List<Segment> dirty, long beforeMs) throws IOException {
        if (beforeMs <= 0) {
            return false; // in particular without a limit, and then no segment needs to be looked into
        }
        for (Segment segment : dirty) {
            long first = segment.firstTimestamp();
            if (first > 0 && first < beforeMs) {
                return true;
            }
        }
        return false;
    }

    /** The dirty share of what may be cleaned or is clean, from 0 to 1. */
    public double ratio() {
        long all = cleanBytes + cleanableBytes;
        return all == 0 ? 0 : (double) cleanableBytes / all;
    }

    /** Whether a cleaning is worth its while, or due. */
    public boolean isWorthCleaning(double minRatio) {
        return cleanableBytes > 0 && (overdue || ratio() > minRatio);
    }
}
