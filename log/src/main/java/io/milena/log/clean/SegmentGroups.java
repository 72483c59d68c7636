package io.milena.log.clean;

import io.milena.log.segment.FileNames;
import io.milena.log.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Joins neighbouring segments to groups that together are no larger than one segment may be; each becomes one. */
final class SegmentGroups {
    /** Most segments in a group, so that taking them out of the log is a matter of few milliseconds. */
    static final int MAX_SEGMENTS = 64;

    private final CleaningRange range;
    private final CleaningRules rules;

    SegmentGroups(CleaningRange range, CleaningRules rules) {
        this.range = range;
        this.rules = rules;
    }

    /** Some segments in a row, by their places in the range. */
    record Group(int from, int to) {}

    /** The groups up to the one with a segment that begins below an offset. */
    List<Group> below(long offset) throws IOException {
        List<Group> groups = new ArrayList<>();
        int end = 0;
        while (end < range.cleanableSegments() && range.segments().get(end).baseOffset() < offset) {
            end++;
        }
        for (int from = 0; from < end; ) {
            int to = endOfGroup(from, end);
            groups.add(new Group(from, to));
            from = to;
        }
        return groups;
    }

    private int endOfGroup(int from, int end) throws IOException {
        long baseOffset = range.segments().get(from).baseOffset();
        long bytes = 0;
        long offsetIndexBytes = 0;
        long timeIndexBytes = 0;
        int to = from;
        while (to < Math.min(end, from + MAX_SEGMENTS)) {
            Segment next = range.segments().get(to);
            bytes += next.sizeInBytes();
            offsetIndexBytes += next.indexBytes(FileNames.OFFSET_INDEX);
            timeIndexBytes += next.indexBytes(FileNames.TIME_INDEX);
            boolean fits = bytes <= rules.segmentBytes()
                    && offsetIndexBytes <= rules.segmentIndexBytes()
                    && timeIndexBytes <= rules.segmentIndexBytes()
                    && (next.sizeInBytes() == 0 || range.endOf(to) - 1 - baseOffset <= Integer.MAX_VALUE);
            if (!fits && to > from) {
                break;
            }
            to++;
        }
        return to;
    }
}
