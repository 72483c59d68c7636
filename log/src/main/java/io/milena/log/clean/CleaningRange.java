package io.milena.log.clean;

import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a log that one cleaning is about, as the log was when the cleaning began.
 *
 * @param segments all segments of the log; those that are not cleaned may tell of aborted transactions
 * @param cleanableSegments how many from the front may be cleaned
 * @param firstDirtyOffset below it, no key is twice in the log, unless behind it
 */
public record CleaningRange(List<Segment> segments, int cleanableSegments, long firstDirtyOffset) {
    /** Whether anything may be cleaned. */
    public boolean isEmpty() {
        return cleanableSegments == 0 || firstDirtyOffset >= endOffset();
    }

    /** The offset behind the last segment that may be cleaned. */
    public long endOffset() {
        return segments.get(cleanableSegments).baseOffset();
    }

    /** The offset behind a segment. */
    long endOf(int place) {
        return segments.get(place + 1).baseOffset();
    }

    /** Place of the segment that holds the first dirty offset. */
    int firstDirtySegment() {
        int place = 0;
        while (endOf(place) <= firstDirtyOffset) {
            place++;
        }
        return place;
    }

    /** The aborted transactions that touch some offsets below the end; all of them are decided. */
    List<AbortedTransaction> aborted(long fromOffset, long upToOffset) throws IOException {
        List<AbortedTransaction> found = new ArrayList<>();
        for (Segment segment : segments) {
            boolean before = segment.end().nextOffset() <= fromOffset;
            if (!before && segment.mayHoldAborted() && segment.collectAborted(fromOffset, upToOffset, found)) {
                break;
            }
        }
        return found;
    }
}
