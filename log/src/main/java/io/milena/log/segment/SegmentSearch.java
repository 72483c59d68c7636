package io.milena.log.segment;

import io.milena.log.Damage;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Looks for batches and records in one segment that is on lease. Used by the thread that made it. */
public final class SegmentSearch {
    private final Segment segment;
    private final Lease lease;
    private final SegmentEnd end;
    private final OffsetIndex offsets;
    private final boolean usesIndexes;

    /** A search in what the segment holds now. */
    public SegmentSearch(Segment segment, Lease lease) throws IOException {
        this(segment, lease, segment.indexes().offsets(), true);
    }

    SegmentSearch(Segment segment, Lease lease, OffsetIndex offsets, boolean usesIndexes) {
        this.segment = segment;
        this.lease = lease;
        this.end = segment.end();
        this.offsets = offsets;
        this.usesIndexes = usesIndexes;
    }

    /** A search that uses no index of offsets, since that is wrong, and looks at every batch. */
    public static SegmentSearch withoutIndex(Segment segment, Lease lease) {
        return new SegmentSearch(segment, lease, new OffsetIndex(segment.baseOffset()), false);
    }

    /**
     * How many bytes from an offset of a segment on can probably be read without waiting for the disk: all that are wanted, also
     * if there are fewer, or a part of them. Asks no disk.
     */
    public static int cachedBytes(Segment segment, long offset, int wantedBytes) {
        SegmentIndexes indexes = segment.loadedIndexes();
        if (indexes == null) {
            return 0;
        }
        SegmentEnd end = segment.end();
        long from = end.lastBatchPosition();
        if (from < 0 || offset < end.lastBatchOffset()) {
            int place = indexes.offsets().floor(offset);
            from = place < 0 ? 0 : indexes.offsets().position(place);
        }
        long to = Math.min(end.position(), from + wantedBytes);
        long cached = segment.file().cachedUpTo(from, to);
        return cached >= to ? wantedBytes : (int) (cached - from);
    }

    /**
     * The last batch of a segment: what {@link #find} gives for an offset in it, without a search.
     *
     * @return null if the offset is not known to lie in it, or the limit cuts it off
     */
    public static @Nullable Extent lastBatch(Segment segment, long offset, long limitOffset) {
        SegmentEnd end = segment.end();
        return isInLastBatch(end, offset) && limitOffset >= end.nextOffset() ? lastBatch(end) : null;
    }

    private static boolean isInLastBatch(SegmentEnd end, long offset) {
        return end.lastBatchPosition() >= 0 && offset >= end.lastBatchOffset() && offset < end.nextOffset();
    }

    private static Extent lastBatch(SegmentEnd end) {
        return new Extent(
                end.lastBatchPosition(),
                end.position() - end.lastBatchPosition(),
                end.lastBatchOffset(),
                end.nextOffset());
    }

    /** An offset that lies at a position of a segment or not far before it. */
    public static long offsetNear(Segment segment, int position) throws IOException {
        OffsetIndex offsets = segment.indexes().offsets();
        int place = offsets.floor(Long.MAX_VALUE, Math.max(0, position));
        return place < 0 ? segment.baseOffset() : offsets.offset(place);
    }

    /**
     * The whole batches from the one that holds an offset on, as many as fit and start below a limit; the first one even
     * if it does not fit.
     *
     * @return null if all batches of the segment end before the offset; empty if the first one starts beyond the limit
     */
    public @Nullable Extent find(long offset, int maxBytes, long limitOffset) throws IOException {
        Extent first = first(offset);
        if (first == null) {
            return null;
        }
        if (first.firstOffset() >= limitOffset) {
            return new Extent(first.position(), 0, first.firstOffset(), first.firstOffset());
        }
        if (first.sizeInBytes() >= maxBytes) {
            return first;
        }
        if (limitOffset >= end.nextOffset() && end.position() - first.position() <= maxBytes) {
            return new Extent(
                    first.position(), end.position() - first.position(), first.firstOffset(), end.nextOffset());
        }
        return extend(first, (long) first.position() + maxBytes, limitOffset);
    }

    /** The batch that holds an offset, or the first one after it; null if all end before it. */
    public @Nullable Extent first(long offset) throws IOException {
        if (offset >= end.nextOffset()) {
            return null;
        }
        if (isInLastBatch(end, offset)) {
            return lastBatch(end);
        }
        int place = offsets.floor(offset);
        Extent next = place < 0 || offsets.offset(place) + 1 < offset ? null : indexed(place + 1, offset);
        if (next != null) {
            return next;
        }
        BatchScanner scanner = scanFromEntry(place);
        int checked = place;
        while (scanner.next()) {
            check(scanner, checked);
            RecordBatch batch = scanner.batch();
            checked = -1;
            if (scanner.damagedFrom() >= 0 && offset < batch.baseOffset()) {
                throw damaged(scanner.damagedFrom(), scanner.damagedOffset(), batch.baseOffset());
            }
            if (batch.lastOffset() >= offset) {
                return extent(scanner);
            }
        }
        if (scanner.end() < end.position()) {
            throw damaged(scanner.end(), scanner.nextOffset(), end.nextOffset());
        }
        return null;
    }

    /**
     * The batch of an index entry, if it holds an offset; null if it does not. Who reads on where another batch ended finds the next one
     * so with one look, as long as each batch has its entry.
     */
    private @Nullable Extent indexed(int place, long offset) throws IOException {
        if (place >= offsets.size()) {
            return null;
        }
        BatchScanner scanner = scanFromEntry(place);
        if (!scanner.next()) {
            return null;
        }
        check(scanner, place);
        return scanner.batch().baseOffset() <= offset
                        && offset <= scanner.batch().lastOffset()
                ? extent(scanner)
                : null;
    }

    private static Extent extent(BatchScanner scanner) {
        RecordBatch batch = scanner.batch();
        return new Extent(
                (int) scanner.position(),
                (int) (scanner.end() - scanner.position()),
                batch.baseOffset(),
                batch.nextOffset());
    }

    private DamagedRecordsException damaged(long position, long fromOffset, long nextOffset) {
        segment.place()
                .damage()
                .found(new Damage(
                        Damage.Kind.RECORDS,
                        segment.file().path(),
                        position,
                        fromOffset,
                        nextOffset,
                        "reads of these offsets are refused"));
        return new DamagedRecordsException(segment, position, fromOffset, nextOffset);
    }

    /** Whether the batch an index entry points to is the one that the entry names; -1 for no entry. */
    private void check(BatchScanner scanner, int place) throws DamagedSegmentException {
        if (place >= 0 && (scanner.damagedFrom() >= 0 || scanner.batch().lastOffset() != offsets.offset(place))) {
            throw new DamagedSegmentException(segment, offsets.position(place));
        }
    }

    private Extent extend(Extent first, long maxPosition, long limitOffset) throws IOException {
        int place = offsets.floor(limitOffset, (int) Math.min(maxPosition, Integer.MAX_VALUE));
        int checked = place >= 0 && offsets.position(place) > first.position() ? place : -1;
        BatchScanner scanner = checked < 0 ? scanFrom(first.position()) : scanFromEntry(checked);
        while (scanner.next()) {
            check(scanner, checked);
            RecordBatch batch = scanner.batch();
            checked = -1;
            if (scanner.damagedFrom() >= 0) {
                return upTo(first, scanner.damagedFrom(), scanner.damagedOffset());
            }
            if (batch.baseOffset() >= limitOffset || scanner.end() > maxPosition) {
                return upTo(first, scanner.position(), batch.baseOffset());
            }
        }
        boolean damaged = scanner.end() < end.position();
        return upTo(first, scanner.end(), damaged ? scanner.nextOffset() : end.nextOffset());
    }

    private static Extent upTo(Extent first, long position, long nextOffset) {
        return new Extent(first.position(), (int) (position - first.position()), first.firstOffset(), nextOffset);
    }

    /**
     * The first record that is at least as new as a timestamp.
     *
     * @param fromOffset lowest offset of the record
     * @param limitOffset records of batches that start at or above it do not count
     * @return null if there is none in this segment
     */
    public @Nullable TimestampedOffset firstAtOrAfter(long timestamp, long fromOffset, long limitOffset)
            throws IOException {
        BatchScanner scanner = scanFrom(positionBeforeTimestamp(timestamp));
        while (scanner.next()) {
            RecordBatch header = scanner.batch();
            if (header.baseOffset() >= limitOffset) {
                return null;
            }
            if (header.maxTimestamp() >= timestamp && header.lastOffset() >= fromOffset && isSound(scanner)) {
                TimestampedOffset found = firstIn(read(scanner), timestamp, fromOffset);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Whether a batch may be looked into; if not, its records are left out of the search. */
    private boolean isSound(BatchScanner scanner) throws IOException {
        if (scanner.checksumMatches()) {
            return true;
        }
        segment.place()
                .damage()
                .found(new Damage(
                        Damage.Kind.RECORDS,
                        segment.file().path(),
                        scanner.position(),
                        scanner.batch().baseOffset(),
                        scanner.batch().nextOffset(),
                        "left out of a search by time"));
        return false;
    }

    private int positionBeforeTimestamp(long timestamp) throws IOException {
        if (!usesIndexes) {
            return 0;
        }
        TimeIndex times = segment.indexes().times();
        int entry = times.floor(timestamp);
        if (entry < 0) {
            return 0;
        }
        if (!agrees(times, entry)) {
            throw new DamagedSegmentException(segment, 0);
        }
        int place = offsets.floor(times.offset(entry));
        return place < 0 ? 0 : offsets.position(place);
    }

    /** Whether the batch an entry of the time index points to has the timestamp that the entry says. */
    boolean agrees(TimeIndex times, int entry) throws IOException {
        if (times.offset(entry) >= end.nextOffset()) {
            return false;
        }
        int place = offsets.floor(times.offset(entry));
        return agrees(times, entry, scanFrom(place < 0 ? 0 : offsets.position(place)));
    }

    /** The same, for a walk that begins before that batch. */
    static boolean agrees(TimeIndex times, int entry, BatchScanner scanner) throws IOException {
        while (scanner.next()) {
            if (scanner.batch().lastOffset() >= times.offset(entry)) {
                return scanner.batch().baseOffset() <= times.offset(entry)
                        && scanner.batch().maxTimestamp() == times.timestamp(entry);
            }
        }
        return false;
    }

    private static @Nullable TimestampedOffset firstIn(RecordBatch batch, long timestamp, long fromOffset) {
        try (RecordIterator records = batch.records()) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.timestamp() >= timestamp && record.offset() >= fromOffset) {
                    return new TimestampedOffset(record.offset(), record.timestamp(), batch.partitionLeaderEpoch());
                }
            }
        }
        return null;
    }

    private RecordBatch read(BatchScanner scanner) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (scanner.end() - scanner.position()));
        while (bytes.hasRemaining()) {
            if (lease.channel().read(bytes, scanner.position() + bytes.position()) < 0) {
                throw new DamagedSegmentException(segment, scanner.position());
            }
        }
        return RecordBatch.at(bytes.flip(), 0);
    }

    /** Largest timestamp of the records from an offset on, in batches that start below a limit; or -1. */
    public long maxTimestamp(long fromOffset, long limitOffset) throws IOException {
        if (fromOffset <= segment.baseOffset() && limitOffset >= end.nextOffset()) {
            return segment.maxTimestamp();
        }
        long max = RecordBatch.NO_TIMESTAMP;
        BatchScanner scanner = scanFrom(0);
        while (scanner.next() && scanner.batch().baseOffset() < limitOffset) {
            RecordBatch batch = scanner.batch();
            if (batch.baseOffset() >= fromOffset) {
                max = batch.recordCount() > 0 ? Math.max(max, batch.maxTimestamp()) : max;
            } else if (batch.lastOffset() >= fromOffset && isSound(scanner)) {
                max = Math.max(max, maxTimestampFrom(read(scanner), fromOffset));
            }
        }
        return max;
    }

    private static long maxTimestampFrom(RecordBatch batch, long fromOffset) {
        long max = RecordBatch.NO_TIMESTAMP;
        try (RecordIterator records = batch.records()) {
            while (records.hasNext()) {
                Record record = records.next();
                max = record.offset() >= fromOffset ? Math.max(max, record.timestamp()) : max;
            }
        }
        return max;
    }

    /** A walk from the batch of an index entry on, or from the first one if there is no entry. */
    private BatchScanner scanFromEntry(int place) {
        return place < 0 ? scanFrom(0) : scanFrom(offsets.position(place)).expecting(offsets.offset(place));
    }

    private BatchScanner scanFrom(int position) {
        return new BatchScanner(
                        lease.channel(),
                        position,
                        end.position(),
                        segment.openFiles().lookupBuffer())
                .steppingOverDamage(segment.baseOffset(), end.nextOffset());
    }
}
