package io.milena.log.clean;

import io.milena.log.segment.Segment;
import java.io.IOException;
import java.util.List;

/**
 * Which segments at the start of a log have had their time. Each rule takes segments from the front until the first one
 * it does not apply to; nothing at or above the high watermark goes, the active segment only if it holds anything.
 *
 * @param retentionMs age in ms, of the newest record of a segment; negative for no limit
 * @param retentionBytes size of the log in bytes that must remain; negative for no limit
 * @param logStartOffset segments that end at or below it go in any case
 * @param logEndOffset end of the log
 * @param highWatermark end of what is replicated
 */
public record Retention(
        long retentionMs, long retentionBytes, long logStartOffset, long logEndOffset, long highWatermark) {

    /** How many segments from the front may go at this time. */
    public int expired(List<Segment> segments, long nowMs) throws IOException {
        int count = belowStart(segments);
        count = Math.max(count, overSize(segments.subList(count, segments.size())) + count);
        return overAge(segments, count, nowMs);
    }

    private int belowStart(List<Segment> segments) {
        int count = 0;
        while (count + 1 < segments.size()
                && segments.get(count + 1).baseOffset() <= logStartOffset
                && mayGo(segments, count)) {
            count++;
        }
        return count;
    }

    private int overSize(List<Segment> segments) {
        long excess = -retentionBytes;
        for (Segment segment : segments) {
            excess += segment.sizeInBytes();
        }
        int count = 0;
        while (retentionBytes >= 0
                && count < segments.size()
                && mayGo(segments, count)
                && excess >= segments.get(count).sizeInBytes()) {
            excess -= segments.get(count).sizeInBytes();
            count++;
        }
        return count;
    }

    private int overAge(List<Segment> segments, int from, long nowMs) throws IOException {
        int count = from;
        while (retentionMs >= 0
                && count < segments.size()
                && mayGo(segments, count)
                && nowMs - segments.get(count).newestMs() > retentionMs) {
            count++;
        }
        return count;
    }

    private boolean mayGo(List<Segment> segments, int place) {
        boolean last = place == segments.size() - 1;
        long end = last ? logEndOffset : segments.get(place + 1).baseOffset();
        return highWatermark >= end && !(last && segments.get(place).sizeInBytes() == 0);
    }
}
