package io.milena.log;

import io.milena.log.segment.Segment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    private volatile @Nullable IOException failure;
    // Whether the failure left the log half cut, so that only opening it again tells what it holds.
    private volatile boolean halfCut;

    LogState(List<Segment> segments, long logStartOffset) {
        this.segments = new SegmentList(segments);
        this.logEndOffset = this.segments.active().end().nextOffset();
        // A start behind the end can only be that of another log.
        this.logStartOffset = Math.max(this.segments.first().baseOffset(), Math.min(logStartOffset, logEndOffset));
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
        if (failure != null) {
            throw new LogException(LogError.STORAGE_ERROR, "The log takes no changes since its disk failed");
        }
    }

    /** Ends all changes; the exception is to be thrown. */
    LogException failBecause(String what, IOException cause) {
        if (failure == null) {
            failure = cause;
            LOG.error("event=log-failed log={} what=\"{}\" cause=\"{}\"", active(), what, cause.toString());
        }
        return new LogException(LogError.STORAGE_ERROR, what, cause);
    }

    /** The same for a failure in the middle of a cut. */
    LogException failHalfCut(String what, IOException cause) {
        halfCut = true;
        return failBecause(what, cause);
    }

    /** Lets changes happen again. */
    void healed() {
        failure = null;
    }

    boolean isFailed() {
        return failure != null;
    }

    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    boolean isHalfCut() {
        return halfCut;
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
