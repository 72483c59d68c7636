package io.milena.log.clean;

import io.milena.log.segment.CleanedSegment;
import io.milena.log.segment.Segment;
import java.io.IOException;
import java.util.List;

/** The log that a cleaning changes, as its owner lets it. */
public interface CleanedLog {
    /** Whether the log is still open and was not cut since the cleaning began. Any thread. */
    boolean isUncut();

    /**
     * Puts cleaned segments in the place of others. For the owner.
     *
     * @param endOffset base offset of the segment behind the sources
     * @return false if one of the sources is no longer in the log, which then stays as it is
     * @throws IOException if the swap could not even be begun; the log stays as it is
     */
    boolean replace(List<Segment> sources, List<CleanedSegment> cleaned, long endOffset) throws IOException;

    /** Notes that everything below an offset is clean. For the owner. */
    void cleanedUpTo(long offset);
}
