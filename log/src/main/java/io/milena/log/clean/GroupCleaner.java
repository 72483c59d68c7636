package io.milena.log.clean;

import io.milena.log.batch.RecordBatch;
import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.CleanedSegment;
import io.milena.log.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a cleaning, for one group of segments: copies what remains of them into a new segment; into several
 * in the rare case that compressing again made it larger than a segment can be. Used by one thread at a time.
 */
final class GroupCleaner implements AutoCloseable {
    private final CleaningRange range;
    private final SegmentGroups.Group group;
    private final BatchCleaner cleaner;
    private final TransactionFates fates;
    private final Buffers buffers;
    private final List<CleanedSegment> cleaned = new ArrayList<>();
    private int place;
    private boolean complete;
    private long bytesWritten;
    private @Nullable BatchReader reader;

    /** What is read and written through. */
    record Buffers(ByteBuffer read, ByteBuffer write) {
        static Buffers of(int bytes) {
            return new Buffers(ByteBuffer.allocate(bytes), ByteBuffer.allocate(bytes));
        }
    }

    GroupCleaner(
            CleaningRange range,
            SegmentGroups.Group group,
            BatchCleaner cleaner,
            TransactionFates fates,
            Buffers buffers) {
        this.range = range;
        this.group = group;
        this.cleaner = cleaner;
        this.fates = fates;
        this.buffers = buffers;
        this.place = group.from();
    }

    /** Reads and writes about one buffer. Gives the number of bytes read. */
    long work() throws IOException {
        long read = 0;
        long end = bytesWritten + buffers.read().capacity();
        while (read + bytesWritten < end && !complete) {
            if (place == group.to()) {
                complete();
                break;
            }
            BatchReader current = reader == null ? open() : reader;
            RecordBatch batch = current.next();
            if (batch == null) {
                current.close();
                reader = null;
                place++;
            } else {
                read += batch.sizeInBytes();
                clean(batch);
            }
        }
        return read;
    }

    /** Bytes written so far. */
    long bytesWritten() {
        return bytesWritten;
    }

    /** Whether the cleaned segments are durable. */
    boolean isComplete() {
        return complete;
    }

    List<Segment> sources() {
        return range.segments().subList(group.from(), group.to());
    }

    List<CleanedSegment> cleaned() {
        return cleaned;
    }

    /** Base offset of the segment behind the group. */
    long endOffset() {
        return range.endOf(group.to() - 1);
    }

    private BatchReader open() throws IOException {
        Segment source = range.segments().get(place);
        fates.learn(range.aborted(source.baseOffset(), range.endOf(place)), range.endOf(place));
        if (cleaned.isEmpty()) {
            begin(source.baseOffset());
        }
        BatchReader opened = new BatchReader(source, 0, buffers.read());
        reader = opened;
        return opened;
    }

    private void clean(RecordBatch batch) throws IOException {
        AbortedTransaction aborted = null;
        RecordBatch remains;
        if (batch.isControl()) {
            TransactionFates.Ending ending = fates.end(batch);
            aborted = ending.aborted();
            remains = cleaner.cleanMarker(batch, ending.needed());
        } else {
            remains = cleaner.cleanData(batch, fates.isAborted(batch));
        }
        if (remains == null) {
            return;
        }
        if (!current().hasRoomFor(remains)) {
            current().complete(remains.baseOffset(), lastModified());
            begin(remains.baseOffset());
        }
        current().append(remains);
        if (aborted != null) {
            current().aborted(aborted);
        }
        bytesWritten += remains.sizeInBytes();
    }

    private CleanedSegment current() {
        return cleaned.get(cleaned.size() - 1);
    }

    private void begin(long baseOffset) throws IOException {
        Segment.Place first = sources().get(0).place();
        buffers.write().clear();
        cleaned.add(CleanedSegment.create(
                new Segment.Place(
                        first.directory(), baseOffset, first.openFiles(), first.indexIntervalBytes(), first.damage()),
                buffers.write()));
    }

    private void complete() throws IOException {
        current().complete(endOffset(), lastModified());
        complete = true;
    }

    private FileTime lastModified() throws IOException {
        return Files.getLastModifiedTime(
                range.segments().get(Math.min(place, group.to() - 1)).file().path());
    }

    /** Stops reading. The cleaned segments stay as they are. */
    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Removes what was written. */
    void discard() throws IOException {
        close();
        for (CleanedSegment segment : cleaned) {
            segment.discard();
        }
        cleaned.clear();
    }
}
