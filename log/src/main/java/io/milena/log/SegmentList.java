package io.milena.log;

import io.milena.log.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/** The segments of a log in ascending order, at least one. Immutable; a change makes a new list. */
final class SegmentList {
    private final Segment[] segments;

    SegmentList(List<Segment> segments) {
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("A log has at least one segment");
        }
        this.segments = segments.toArray(new Segment[0]);
    }

    int size() {
        return segments.length;
    }

    Segment get(int place) {
        return segments[place];
    }

    Segment first() {
        return segments[0];
    }

    Segment active() {
        return segments[segments.length - 1];
    }

    List<Segment> asList() {
        return List.of(segments);
    }

    /** Place of the segment an offset lies in; the first one for everything before it. */
    int floor(long offset) {
        int low = 0;
        int high = segments.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    SegmentList with(Segment added) {
        List<Segment> all = new ArrayList<>(asList());
        all.add(added);
        return new SegmentList(all);
    }

    /** Place of some segments that are neighbours here, too; -1 if one of them is missing, or it would be the last one. */
    int placeOf(List<Segment> run) {
        int place = floor(run.get(0).baseOffset());
        if (place + run.size() >= segments.length) {
            return -1;
        }
        for (int i = 0; i < run.size(); i++) {
            if (segments[place + i] != run.get(i)) {
                return -1;
            }
        }
        return place;
    }

    SegmentList replaced(int place, int count, List<Segment> replacement) {
        List<Segment> all = new ArrayList<>(asList());
        List<Segment> replaced = all.subList(place, place + count);
        replaced.clear();
        replaced.addAll(replacement);
        return new SegmentList(all);
    }

    SegmentList from(int place) {
        return new SegmentList(asList().subList(place, segments.length));
    }

    long sizeInBytes() {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.sizeInBytes();
        }
        return sum;
    }
}
