package io.milena.log;

import io.milena.log.batch.RecordBatch;
import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.DamagedRecordsException;
import io.milena.log.segment.DamagedSegmentException;
import io.milena.log.segment.Extent;
import io.milena.log.segment.Lease;
import io.milena.log.segment.Segment;
import io.milena.log.segment.SegmentGoneException;
import io.milena.log.segment.SegmentSearch;
import io.milena.log.segment.TimestampedOffset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reading side of a log, for any thread. A segment that is cut or deleted while it is looked at gives no lease; the
 * reader then starts again with the segments published meanwhile.
 */
final class LogReader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    /** How often the segments may change under one reader before something must be wrong. */
    private static final int MAX_ATTEMPTS = 1000;

    private final LogState state;

    LogReader(LogState state) {
        this.state = state;
    }

    LogSlice read(long offset, int maxBytes, long limitOffset, ReadSize readSize) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            state.checkOpen();
            long end = state.logEndOffset();
            if (offset < state.logStartOffset() || offset > end) {
                throw new LogException(
                        LogError.OFFSET_OUT_OF_RANGE,
                        "Offset " + offset + " is outside " + state.logStartOffset() + " to " + end);
            }
            long limit = Math.min(limitOffset, end);
            if (offset >= limit) {
                return LogSlice.empty(offset);
            }
            LogSlice slice = tryRead(state.segments(), offset, maxBytes, limit, readSize);
            if (slice != null) {
                return slice;
            }
        }
        throw changedTooOften();
    }

    /** A slice, or null if a segment went away meanwhile. */
    private static @Nullable LogSlice tryRead(
            SegmentList segments, long offset, int maxBytes, long limitOffset, ReadSize readSize) {
        for (int i = segments.floor(offset); i < segments.size(); i++) {
            Segment segment = segments.get(i);
            try {
                Lease lease = segment.lease();
                if (lease == null) {
                    return null;
                }
                Extent found = findOrClose(segment, lease, offset, maxBytes, limitOffset);
                if (found == null) {
                    continue;
                }
                if (found.sizeInBytes() > (readSize == ReadSize.STRICT ? maxBytes : Integer.MAX_VALUE)) {
                    lease.close();
                    return LogSlice.empty(offset);
                }
                return new LogSlice(lease, found);
            } catch (SegmentGoneException e) {
                return null;
            } catch (IOException e) {
                throw unreadable(segment, e);
            }
        }
        return LogSlice.empty(offset);
    }

    /** Batches of a segment; if there are none, or the search fails, the lease is given back. */
    private static @Nullable Extent findOrClose(
            Segment segment, Lease lease, long offset, int maxBytes, long limitOffset) throws IOException {
        Extent found = null;
        try {
            found = find(segment, lease, offset, maxBytes, limitOffset);
        } finally {
            if (found == null) {
                lease.close();
            }
        }
        return found;
    }

    private static @Nullable Extent find(Segment segment, Lease lease, long offset, int maxBytes, long limitOffset)
            throws IOException {
        Extent last = SegmentSearch.lastBatch(segment, offset, limitOffset);
        if (last != null) {
            return last;
        }
        try {
            return new SegmentSearch(segment, lease).find(offset, maxBytes, limitOffset);
        } catch (DamagedSegmentException e) {
            segment.distrustIndexes();
            return SegmentSearch.withoutIndex(segment, lease).find(offset, maxBytes, limitOffset);
        }
    }

    int cachedBytes(long offset, int wantedBytes) {
        SegmentList segments = state.segments();
        for (int i = segments.floor(offset); i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (offset < segment.end().nextOffset()) {
                return SegmentSearch.cachedBytes(segment, offset, wantedBytes);
            }
        }
        return wantedBytes;
    }

    void bringIn(long offset, int bytes, int bytesBehind) {
        try (LogSlice slice = read(offset, bytes, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH)) {
            slice.bringIn(bytesBehind);
            abortedTransactions(offset, slice.nextOffset()); // loads what a reader of committed records will ask for
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot read ahead from " + offset, e);
        }
    }

    Optional<TimestampedOffset> firstAtOrAfter(long timestamp, long limitOffset) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            state.checkOpen();
            SegmentList segments = state.segments();
            Segment current = segments.first();
            try {
                for (int i = 0; i < segments.size() && segments.get(i).baseOffset() < limitOffset; i++) {
                    current = segments.get(i);
                    TimestampedOffset found =
                            current.maxTimestamp() < timestamp ? null : firstIn(current, timestamp, limitOffset);
                    if (found != null) {
                        return Optional.of(found);
                    }
                }
                return Optional.empty();
            } catch (SegmentGoneException e) {
                LOG.debug("event=read-again cause=\"{}\"", e.getMessage());
            } catch (IOException e) {
                throw unreadable(current, e);
            }
        }
        throw changedTooOften();
    }

    private @Nullable TimestampedOffset firstIn(Segment segment, long timestamp, long limitOffset) throws IOException {
        try (Lease lease = segment.requireLease()) {
            try {
                return new SegmentSearch(segment, lease).firstAtOrAfter(timestamp, state.logStartOffset(), limitOffset);
            } catch (DamagedSegmentException e) {
                segment.distrustIndexes();
                return SegmentSearch.withoutIndex(segment, lease)
                        .firstAtOrAfter(timestamp, state.logStartOffset(), limitOffset);
            }
        }
    }

    Optional<TimestampedOffset> latestMaxTimestamp(long limitOffset) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            state.checkOpen();
            SegmentList segments = state.segments();
            Segment current = segments.first();
            Segment newest = current;
            long max = RecordBatch.NO_TIMESTAMP;
            try {
                for (int i = 0; i < segments.size() && segments.get(i).baseOffset() < limitOffset; i++) {
                    current = segments.get(i);
                    long timestamp = maxTimestamp(current, state.logStartOffset(), limitOffset);
                    if (timestamp > max) {
                        max = timestamp;
                        newest = current;
                    }
                }
                current = newest;
                return max < 0 ? Optional.empty() : Optional.ofNullable(firstIn(newest, max, limitOffset));
            } catch (SegmentGoneException e) {
                LOG.debug("event=read-again cause=\"{}\"", e.getMessage());
            } catch (IOException e) {
                throw unreadable(current, e);
            }
        }
        throw changedTooOften();
    }

    private static long maxTimestamp(Segment segment, long fromOffset, long limitOffset) throws IOException {
        if (fromOffset <= segment.baseOffset() && limitOffset >= segment.end().nextOffset()) {
            return segment.maxTimestamp();
        }
        try (Lease lease = segment.requireLease()) {
            return new SegmentSearch(segment, lease).maxTimestamp(fromOffset, limitOffset);
        }
    }

    List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            state.checkOpen();
            SegmentList segments = state.segments();
            List<AbortedTransaction> found = new ArrayList<>();
            Segment current = segments.first();
            try {
                for (int i = segments.floor(fromOffset); i < segments.size(); i++) {
                    current = segments.get(i);
                    if (current.mayHoldAborted() && current.collectAborted(fromOffset, upToOffset, found)) {
                        break;
                    }
                }
                return found;
            } catch (SegmentGoneException e) {
                LOG.debug("event=read-again cause=\"{}\"", e.getMessage());
            } catch (IOException e) {
                throw unreadable(current, e);
            }
        }
        throw changedTooOften();
    }

    private static LogException changedTooOften() {
        return new LogException(
                LogError.STORAGE_ERROR, "The segments changed " + MAX_ATTEMPTS + " times during a read");
    }

    private static LogException unreadable(Segment segment, IOException e) {
        if (e instanceof DamagedRecordsException) {
            return new LogException(LogError.CORRUPT_MESSAGE, String.valueOf(e.getMessage()), e);
        }
        return new LogException(LogError.STORAGE_ERROR, "Cannot read " + segment, e);
    }
}
