package io.milena.log;

import io.milena.log.segment.Segment;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the owner of a log publishes for all threads to read. Segments are published before an end that lies in them, and
 * a start is published before the segments below it are taken away.
 */
final class LogState {
    private static final Logger LOG = LoggerFactory.getLogger(LogState.class);

    private volatile SegmentList segments;
    private volatile long logStartOffset;
    private volatile long logEndOffset;
    private volatile boolean closed;
    private volatile boolean failed;

    LogState(List<Segment> segments, long logStartOffset) {
        this.segments = new SegmentList(segments);
        this.logEndOffset = this.segments.active().end().nextOffset();
        this.logStartOffset = logStartOffset;
    }

    /** Refuses reads of a log that was closed or deleted. */
    void checkOpen() {
        if (closed) {
            throw new LogException(LogError.STORAGE_ERROR, "The log is closed");
        }
    }

    /** Refuses changes of a log that was closed or whose disk failed. */
    void checkWritable() {
        checkOpen();
        if (failed) {
            throw new LogException(LogError.STORAGE_ERROR, "The log takes no changes since its disk failed");
        }
    }

    /** Ends all changes; the exception is to be thrown. */
    LogException failBecause(String what, IOException cause) {
        if (!failed) {
            failed = true;
            LOG.error("event=log-failed log={} what=\"{}\"", active(), what, cause);
        }
        return new LogException(LogError.STORAGE_ERROR, what, cause);
    }

    boolean isFailed() {
        return failed;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    SegmentList segments() {
        return segments;
    }

    void segments(SegmentList changed) {
        segments = changed;
    }

    Segment active() {
        return segments.active();
    }

    long logStartOffset() {
        return logStartOffset;
    }

    void logStartOffset(long offset) {
        logStartOffset = offset;
    }

    long logEndOffset() {
        return logEndOffset;
    }

    void logEndOffset(long offset) {
        logEndOffset = offset;
    }
}
