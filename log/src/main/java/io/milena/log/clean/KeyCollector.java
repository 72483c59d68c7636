package io.milena.log.clean;

import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.log.segment.Extent;
import io.milena.log.segment.Lease;
import io.milena.log.segment.Segment;
import io.milena.log.segment.SegmentSearch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first half of a cleaning: walks the dirty part of a log and notes the newest offset of each key, until the map is
 * full. Aborted records do not count, markers have no keys. Used by one thread at a time.
 */
final class KeyCollector implements AutoCloseable {
    private final CleaningRange range;
    private final KeyOffsets keys;
    private final ByteBuffer buffer;
    private final TransactionFates fates = new TransactionFates();
    private int place;
    private long mappedUpTo;
    private boolean done;
    private @Nullable BatchReader reader;

    /** A collector that stands at the first dirty offset. */
    KeyCollector(CleaningRange range, KeyOffsets keys, ByteBuffer buffer) {
        this.range = range;
        this.keys = keys;
        this.buffer = buffer;
        this.place = range.firstDirtySegment();
        this.mappedUpTo = range.firstDirtyOffset();
    }

    /** Whether everything is in the map, or the map is full. */
    boolean isDone() {
        return done;
    }

    /** All dirty keys below this offset are in the map. */
    long mappedUpTo() {
        return mappedUpTo;
    }

    /** Reads about one buffer. Gives the number of bytes. */
    long work() throws IOException {
        long read = 0;
        while (read < buffer.capacity() && !done) {
            if (place == range.cleanableSegments()) {
                done = true;
                break;
            }
            BatchReader current = reader == null ? open() : reader;
            RecordBatch batch = current.next();
            if (batch == null) {
                next();
            } else {
                read += batch.sizeInBytes();
                done = !note(batch);
            }
        }
        if (done) {
            close();
        }
        return read;
    }

    private BatchReader open() throws IOException {
        Segment segment = range.segments().get(place);
        long from = Math.max(segment.baseOffset(), range.firstDirtyOffset());
        fates.learn(range.aborted(from, range.endOf(place)), range.endOf(place));
        BatchReader opened = new BatchReader(segment, positionOf(from, segment), buffer);
        reader = opened;
        return opened;
    }

    private static int positionOf(long offset, Segment segment) throws IOException {
        if (offset == segment.baseOffset()) {
            return 0;
        }
        try (Lease lease = segment.requireLease()) {
            Extent first = new SegmentSearch(segment, lease).first(offset);
            return first == null ? segment.sizeInBytes() : first.position();
        }
    }

    private void next() {
        mappedUpTo = Math.max(mappedUpTo, range.endOf(place));
        close();
        place++;
    }

    private boolean note(RecordBatch batch) {
        if (batch.isControl()) {
            fates.end(batch);
        } else if (!fates.isAborted(batch)) {
            try (RecordIterator records = batch.records()) {
                while (records.hasNext()) {
                    if (!note(records.next())) {
                        return false;
                    }
                }
            }
        }
        mappedUpTo = Math.max(mappedUpTo, batch.nextOffset());
        return true;
    }

    private boolean note(Record record) {
        ByteBuffer key = record.key();
        if (key != null && record.offset() >= range.firstDirtyOffset()) {
            if (!keys.put(key, record.offset())) {
                return false;
            }
            mappedUpTo = record.offset() + 1;
        }
        return true;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
