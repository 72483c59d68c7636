package io.milena.log.segment;

import io.milena.log.Damage;
import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a segment's data and indexes into agreement: when a log is opened, when it is cut, and when an index is missing
 * or wrong. All but the last is work of the log's owner.
 */
public final class SegmentRepair {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRepair.class);

    private SegmentRepair() {}

    /**
     * A segment whose file ends with its last batch now.
     *
     * @param lostEnd whether something was cut off that was no {@link Reserve}
     */
    public record Repaired(Segment segment, boolean lostEnd) {}

    /**
     * The last segment of a log that was closed properly. Only what lies behind the last index entry is read; bytes at the
     * end that are no batch are cut off.
     *
     * @param durableUpTo zeros at the end that begin at or behind this offset were never anything else
     */
    public static Repaired active(Segment.Place place, long durableUpTo) throws IOException {
        Path path = FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG);
        int size = sizeOf(path);
        if (size == 0) {
            return new Repaired(Segment.announced(place), false);
        }
        Optional<SegmentIndexes> onDisk = SegmentIndexes.read(place.directory(), place.baseOffset(), size);
        SegmentIndexes indexes = onDisk.isPresent() ? onDisk.get() : emptyIndexes(place);
        Tail tail = new Tail(place, indexes);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            tail.read(channel, size, endOfOffsets(place), Long.MAX_VALUE);
        }
        Segment active = new Segment(place, place.file(), tail.end(tail.nextOffset), tail.indexes);
        boolean lostEnd = false;
        if (tail.position < size) {
            active.deleteIndexes();
            lostEnd = cut(place, tail, size, durableUpTo);
        } else if (onDisk.isPresent() && tail.indexes == indexes) {
            active.unchanged();
        }
        return new Repaired(active, lostEnd);
    }

    /**
     * A segment after an unclean stop: every batch is checked, the file is cut at the first damage and the offset and time
     * index are built anew. The caller knows the aborted transactions. A batch of which only the beginning was written is
     * what such a stop leaves, and is not told as damage.
     *
     * @param durableUpTo damage below this offset is no torn end: it stays, and what comes behind it stays, too
     * @param visitor sees the sound batches
     */
    public static Repaired recovered(Segment.Place place, long durableUpTo, BatchVisitor visitor) throws IOException {
        Path path = FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG);
        int size = sizeOf(path);
        if (size == 0) {
            return new Repaired(Segment.announced(place), false);
        }
        Tail tail = new Tail(place, new SegmentIndexes(place.baseOffset()));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            BatchScanner scanner =
                    new BatchScanner(channel, 0, size, place.openFiles().bulkBuffer());
            if (durableUpTo > place.baseOffset()) {
                scanner.steppingOverDamage(place.baseOffset(), endOfOffsets(place));
            }
            while (scanner.next()
                    && scanner.batch().baseOffset() >= tail.nextOffset
                    && scanner.batch().baseOffset() <= scanner.batch().lastOffset()
                    && scanner.batch().lastOffset() < endOfOffsets(place)
                    && (scanner.damagedFrom() < 0 || scanner.damagedOffset() < durableUpTo)) {
                if (scanner.checksumMatches()) {
                    visitor.visit(scanner.batch());
                } else if (scanner.batch().lastOffset() < durableUpTo) {
                    reportChecksum(place, scanner);
                } else {
                    break;
                }
                tail.add(scanner);
            }
        }
        Segment recovered = new Segment(place, place.file(), tail.end(tail.nextOffset), tail.indexes);
        boolean lostEnd = false;
        if (tail.position < size) {
            recovered.deleteIndexes();
            lostEnd = cut(place, tail, size, durableUpTo);
        }
        return new Repaired(recovered, lostEnd);
    }

    /** Offset behind the largest one a segment may hold. */
    private static long endOfOffsets(Segment.Place place) {
        return place.baseOffset() + Integer.MAX_VALUE + 1L;
    }

    private static void reportChecksum(Segment.Place place, BatchScanner scanner) {
        place.damage()
                .found(new Damage(
                        Damage.Kind.RECORDS,
                        FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG),
                        scanner.position(),
                        scanner.batch().baseOffset(),
                        scanner.batch().nextOffset(),
                        "kept, but not looked into"));
    }

    /** Shows the sound batches of a segment that end at or after an offset. */
    public static void scan(Segment segment, long fromOffset, BatchVisitor visitor) throws IOException {
        Lease lease = segment.file().lease();
        if (lease == null) {
            throw new IllegalStateException("Retired: " + segment);
        }
        try (lease) {
            BatchScanner scanner = new BatchScanner(
                            lease.channel(),
                            startOf(segment, lease, fromOffset),
                            segment.sizeInBytes(),
                            segment.openFiles().bulkBuffer())
                    .steppingOverDamage(segment.baseOffset(), segment.end().nextOffset());
            while (scanner.next()) {
                if (scanner.batch().lastOffset() < fromOffset) {
                    continue;
                }
                if (scanner.checksumMatches()) {
                    visitor.visit(scanner.batch());
                } else {
                    reportChecksum(segment.place(), scanner);
                }
            }
        }
    }

    private static int startOf(Segment segment, Lease lease, long fromOffset) throws IOException {
        try {
            Extent first = new SegmentSearch(segment, lease).first(fromOffset);
            return first == null ? segment.sizeInBytes() : first.position();
        } catch (DamagedSegmentException | DamagedRecordsException e) {
            LOG.debug("event=scan-of-all segment={} cause=\"{}\"", segment, e.toString());
            return 0;
        }
    }

    /** Whether the indexes of a sealed segment say of its newest record what its batch says. */
    static boolean agrees(Segment segment, SegmentIndexes indexes) throws IOException {
        int last = indexes.times().size() - 1;
        if (last < 0) {
            return true;
        }
        try (Lease lease = segment.requireLease()) {
            return new SegmentSearch(segment, lease, indexes.offsets(), true).agrees(indexes.times(), last);
        }
    }

    static long firstTimestamp(Segment segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.file().path(), StandardOpenOption.READ)) {
            BatchScanner scanner = new BatchScanner(
                    channel, 0, segment.sizeInBytes(), ByteBuffer.allocate(RecordBatch.BATCH_OVERHEAD));
            if (!scanner.next()) {
                throw new DamagedSegmentException(segment, 0);
            }
            return scanner.batch().maxTimestamp();
        }
    }

    /** The indexes of a sealed segment whose files are missing or wrong, built from the data. */
    static SegmentIndexes rebuildIndexes(Segment segment) throws IOException {
        if (segment.file().isRetired()) {
            // Its index files went with it.
            throw new SegmentGoneException(segment);
        }
        Segment.Place place = segment.place();
        AbortedTransactions aborted = SegmentIndexes.readAborted(place.directory(), place.baseOffset())
                .orElseThrow(() -> new DamagedSegmentException(segment, 0));
        place.damage()
                .found(Damage.of(
                        Damage.Kind.INDEX,
                        FileNames.of(place.directory(), place.baseOffset(), FileNames.OFFSET_INDEX),
                        "built anew from the data"));
        SegmentIndexes rebuilt =
                new SegmentIndexes(new OffsetIndex(place.baseOffset()), new TimeIndex(place.baseOffset()), aborted);
        Path path = segment.file().path();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            new Tail(place, rebuilt)
                    .read(channel, segment.sizeInBytes(), segment.end().nextOffset(), Long.MAX_VALUE);
        }
        rebuilt.complete();
        return rebuilt;
    }

    /** Whether a sealed segment was made durable: its time index is written after its data, and goes before a cut. */
    public static boolean wasPersisted(Segment.Place place) throws IOException {
        return Files.exists(FileNames.of(place.directory(), place.baseOffset(), FileNames.TIME_INDEX))
                && hasSoundAborted(place);
    }

    /** Whether the aborted transactions of a segment can be read. They cannot be built anew from the segment alone. */
    public static boolean hasSoundAborted(Segment.Place place) throws IOException {
        return SegmentIndexes.readAborted(place.directory(), place.baseOffset()).isPresent();
    }

    /** Indexes of nothing, but for the aborted transactions of the segment. */
    private static SegmentIndexes emptyIndexes(Segment.Place place) throws IOException {
        AbortedTransactions aborted = SegmentIndexes.readAborted(place.directory(), place.baseOffset())
                .orElseThrow(() -> new IOException("Damaged transaction index of " + place));
        return new SegmentIndexes(new OffsetIndex(place.baseOffset()), new TimeIndex(place.baseOffset()), aborted);
    }

    static Segment headBelow(Segment segment, long offset) throws IOException {
        Segment.Place place = segment.place();
        Tail tail = new Tail(place, segment.indexes().below(offset));
        try (FileChannel channel = FileChannel.open(segment.file().path(), StandardOpenOption.READ)) {
            tail.read(channel, segment.sizeInBytes(), segment.end().nextOffset(), offset);
        }
        return new Segment(place, place.file(), tail.end(offset), tail.indexes);
    }

    /** Size of a data file. One that grew beyond what a position can name is not ours. */
    public static int sizeOf(Path log) throws IOException {
        long size = Files.size(log);
        if (size > Integer.MAX_VALUE) {
            throw new IOException("Segment of " + size + " bytes: " + log);
        }
        return (int) size;
    }

    /** Cuts off what lies behind the last batch; true if that is more than zeros that were written ahead. */
    private static boolean cut(Segment.Place place, Tail tail, int size, long durableUpTo) throws IOException {
        Path path = FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            boolean lost = tail.nextOffset < durableUpTo
                    || !Reserve.isAll(
                            channel, tail.position, size, place.openFiles().bulkBuffer());
            boolean torn =
                    tail.nextOffset >= durableUpTo && TornEnd.isAt(channel, tail.position, size, tail.nextOffset);
            if (lost) {
                report(place, tail, size - tail.position, torn);
            }
            channel.truncate(tail.position);
            if (lost) { // mere zeros would be cut off again after another crash
                channel.force(false);
            }
            return lost;
        }
    }

    private static void report(Segment.Place place, Tail tail, int bytes, boolean torn) {
        Path path = FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG);
        if (torn) {
            LOG.warn(
                    "event=torn-end-cut file={} position={} fromOffset={} bytes={}",
                    path,
                    tail.position,
                    tail.nextOffset,
                    bytes);
        } else {
            String action = bytes + " bytes cut off";
            place.damage().found(new Damage(Damage.Kind.END_OF_LOG, path, tail.position, tail.nextOffset, -1, action));
        }
    }

    /** What is known of a segment's end while its batches are walked. */
    private static final class Tail {
        private final Segment.Place place;
        private SegmentIndexes indexes;
        private int position;
        private long nextOffset;
        private int lastBatchPosition = -1;
        private int lastBatchOffsetDelta;

        Tail(Segment.Place place, SegmentIndexes indexes) {
            this.place = place;
            this.indexes = indexes;
            this.nextOffset = place.baseOffset();
        }

        /**
         * Walks the batches from the last index entry on that end below an offset. If the entry does not point to the
         * batch it names, the offset and time index are wrong and are built anew from the first batch on.
         */
        void read(FileChannel channel, int size, long endOffset, long belowOffset) throws IOException {
            OffsetIndex offsets = indexes.offsets();
            int entry = offsets.size() - 1;
            BatchScanner scanner = scanner(channel, entry < 0 ? 0 : offsets.position(entry), size, endOffset);
            boolean right = entry < 0 || (scanner.next() && pointsTo(scanner, offsets, entry));
            if (right && entry >= 0) {
                indexes.pass(scanner.batch());
                note(scanner);
            }
            if (!right || !timeIsRight(channel, size, endOffset)) {
                place.damage()
                        .found(Damage.of(
                                Damage.Kind.INDEX,
                                FileNames.of(place.directory(), place.baseOffset(), FileNames.OFFSET_INDEX),
                                "built anew from the data"));
                indexes = indexes.withoutOffsets(place.baseOffset());
                scanner = scanner(channel, 0, size, endOffset);
            }
            while (scanner.next() && scanner.batch().lastOffset() < belowOffset) {
                add(scanner);
            }
        }

        private boolean timeIsRight(FileChannel channel, int size, long endOffset) throws IOException {
            TimeIndex times = indexes.times();
            int last = times.size() - 1;
            if (last < 0) {
                return true;
            }
            int near = indexes.offsets().floor(times.offset(last));
            int from = near < 0 ? 0 : indexes.offsets().position(near);
            return SegmentSearch.agrees(times, last, scanner(channel, from, size, endOffset));
        }

        private static boolean pointsTo(BatchScanner scanner, OffsetIndex offsets, int entry) {
            return scanner.damagedFrom() < 0 && scanner.batch().lastOffset() == offsets.offset(entry);
        }

        private BatchScanner scanner(FileChannel channel, int from, int size, long endOffset) {
            return new BatchScanner(channel, from, size, ByteBuffer.allocate(8 * 1024))
                    .steppingOverDamage(place.baseOffset(), endOffset);
        }

        void add(BatchScanner scanner) {
            indexes.add(scanner.batch(), (int) scanner.position(), place.indexIntervalBytes());
            note(scanner);
        }

        private void note(BatchScanner scanner) {
            RecordBatch batch = scanner.batch();
            position = (int) scanner.end();
            nextOffset = batch.nextOffset();
            lastBatchPosition = (int) scanner.position();
            lastBatchOffsetDelta = batch.lastOffsetDelta();
        }

        SegmentEnd end(long next) {
            SegmentEnd end = new SegmentEnd(
                    position,
                    nextOffset,
                    lastBatchPosition,
                    lastBatchOffsetDelta,
                    indexes.maxTimestamp(),
                    indexes.offsetOfMaxTimestamp());
            return end.at(next);
        }
    }
}
