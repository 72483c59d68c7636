package io.milena.log.segment;

import io.milena.log.batch.Batches;
import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The three indexes of one segment, in memory as a whole or not at all. Those of the active segment grow with each batch;
 * those of a sealed one come from its files. Changed by the owner of the log, read by any thread.
 */
final class SegmentIndexes {
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private final AbortedTransactions aborted;
    // Owner only.
    private long bytesSinceEntry;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    private long offsetOfMaxTimestamp = -1;

    SegmentIndexes(long baseOffset) {
        this(new OffsetIndex(baseOffset), new TimeIndex(baseOffset), new AbortedTransactions());
    }

    SegmentIndexes(OffsetIndex offsets, TimeIndex times, AbortedTransactions aborted) {
        this.offsets = offsets;
        this.times = times;
        this.aborted = aborted;
        if (times.size() > 0) {
            maxTimestamp = times.timestamp(times.size() - 1);
            offsetOfMaxTimestamp = times.offset(times.size() - 1);
        }
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    AbortedTransactions aborted() {
        return aborted;
    }

    long maxTimestamp() {
        return maxTimestamp;
    }

    long offsetOfMaxTimestamp() {
        return offsetOfMaxTimestamp;
    }

    int sizeInBytes() {
        return 128
                + offsets.size() * OffsetIndex.ENTRY_BYTES
                + times.size() * TimeIndex.ENTRY_BYTES
                + aborted.size() * 2 * AbortedTransactions.ENTRY_BYTES;
    }

    /** Notes a batch. An entry is made when more than an interval of bytes went by since the last one. */
    void add(RecordBatch batch, int position, int intervalBytes) {
        noteTimestamp(batch);
        if (bytesSinceEntry > intervalBytes) {
            offsets.append(batch.lastOffset(), position);
            complete();
            bytesSinceEntry = 0;
        }
        bytesSinceEntry += batch.sizeInBytes();
    }

    /** Notes batches whose positions in the file are those in their buffer plus a distance. Gives the last one, null if there are none. */
    @Nullable
    RecordBatch addAll(Batches batches, int distance, int intervalBytes) {
        RecordBatch last = null;
        while (batches.hasNext()) {
            last = batches.next();
            add(last, last.position() + distance, intervalBytes);
        }
        return last;
    }

    /** The end of a segment whose last batch was noted just now, with the same distance. */
    SegmentEnd end(RecordBatch last, int distance) {
        int position = last.position() + distance;
        return new SegmentEnd(
                position + last.sizeInBytes(),
                last.nextOffset(),
                position,
                last.lastOffsetDelta(),
                maxTimestamp,
                offsetOfMaxTimestamp);
    }

    /** Notes a batch that was indexed before, or lies before the entry that will be made next. */
    void pass(RecordBatch batch) {
        noteTimestamp(batch);
        bytesSinceEntry += batch.sizeInBytes();
    }

    private void noteTimestamp(RecordBatch batch) {
        // The timestamp of a batch that compaction emptied belongs to no record any more.
        if (batch.maxTimestamp() > maxTimestamp && batch.recordCount() > 0) {
            maxTimestamp = batch.maxTimestamp();
            offsetOfMaxTimestamp = batch.lastOffset();
        }
    }

    /** Makes the last entry of the time index name the largest timestamp, if there is one. */
    void complete() {
        if (maxTimestamp >= 0) {
            times.append(maxTimestamp, offsetOfMaxTimestamp);
        }
    }

    SegmentIndexes below(long offset) {
        return new SegmentIndexes(offsets.below(offset), times.below(offset), aborted.below(offset));
    }

    /** Empty offset and time indexes, with the same aborted transactions. */
    SegmentIndexes withoutOffsets(long baseOffset) {
        return new SegmentIndexes(new OffsetIndex(baseOffset), new TimeIndex(baseOffset), aborted);
    }

    /**
     * Writes the files durably, the time index last, since it proves that the others and the data are whole; a suffix goes
     * to the end of their names. A file gets its name when its content is durable, so that none is ever found half written.
     */
    void write(Path directory, long baseOffset, String suffix) throws IOException {
        Path abortedFile = FileNames.of(directory, baseOffset, FileNames.ABORTED + suffix);
        if (aborted.size() > 0) {
            writeWhole(abortedFile, aborted.toBytes());
        } else {
            Files.deleteIfExists(abortedFile);
        }
        writeWhole(FileNames.of(directory, baseOffset, FileNames.OFFSET_INDEX + suffix), offsets.toBytes());
        writeWhole(FileNames.of(directory, baseOffset, FileNames.TIME_INDEX + suffix), times.toBytes());
    }

    private static void writeWhole(Path file, ByteBuffer bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + FileNames.TEMPORARY);
        try {
            write(temporary, bytes);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
    }

    /** The offset and time index from the files of a segment, without aborted transactions; empty if one is unusable. */
    static Optional<SegmentIndexes> read(Path directory, long baseOffset, long segmentSize) throws IOException {
        Optional<OffsetIndex> offsets = readBytes(FileNames.of(directory, baseOffset, FileNames.OFFSET_INDEX))
                .flatMap(bytes -> OffsetIndex.fromBytes(baseOffset, bytes, segmentSize));
        Optional<TimeIndex> times = readBytes(FileNames.of(directory, baseOffset, FileNames.TIME_INDEX))
                .flatMap(bytes -> TimeIndex.fromBytes(baseOffset, bytes));
        Optional<AbortedTransactions> aborted = readAborted(directory, baseOffset);
        return offsets.isPresent() && times.isPresent() && aborted.isPresent()
                ? Optional.of(new SegmentIndexes(offsets.get(), times.get(), aborted.get()))
                : Optional.empty();
    }

    /** The aborted transactions of a segment: none if there is no file, empty if the file is unusable. */
    static Optional<AbortedTransactions> readAborted(Path directory, long baseOffset) throws IOException {
        Path file = FileNames.of(directory, baseOffset, FileNames.ABORTED);
        Optional<ByteBuffer> bytes = Files.exists(file) ? readBytes(file) : Optional.empty();
        return bytes.isPresent()
                ? AbortedTransactions.fromBytes(baseOffset, bytes.get())
                : Optional.of(new AbortedTransactions());
    }

    private static Optional<ByteBuffer> readBytes(Path file) throws IOException {
        try {
            return Optional.of(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
