package io.milena.log.segment;

import io.milena.log.Damage;
import io.milena.log.batch.Batches;
import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a log: one data file and its indexes. The last segment of a log is active and keeps its indexes in memory;
 * when it is sealed they are written whole, and from then on come from {@link OpenFiles}. Appended to by the owner of the
 * log, read by any thread. A segment never becomes shorter: a truncated one is a new object.
 */
public final class Segment {
    private final Path directory;
    private final long baseOffset;
    private final SegmentFile file;
    private final OpenFiles openFiles;
    private final int indexIntervalBytes;
    private final Damage.Listener damage;
    // Held to write index files anew and to retire the segment; after that they may be those of another one.
    private final Object indexFiles = new Object();
    private volatile SegmentEnd end;
    // In memory as long as the files do not hold the same.
    private volatile @Nullable SegmentIndexes indexes;
    private volatile boolean abortedOnDisk;
    // Whether the index files say what is in memory: nothing was appended since, or they do not have their names yet.
    private volatile boolean unchanged;
    // Largest timestamp of the first batch, UNKNOWN until it is asked for.
    private volatile long firstTimestamp = SegmentEnd.UNKNOWN;

    Segment(Place place, SegmentFile file, SegmentEnd end, @Nullable SegmentIndexes indexes) {
        this.directory = place.directory();
        this.baseOffset = place.baseOffset();
        this.openFiles = place.openFiles();
        this.indexIntervalBytes = place.indexIntervalBytes();
        this.damage = place.damage();
        this.file = file;
        this.end = end;
        this.indexes = indexes;
    }

    /**
     * Where a segment lies and how it is indexed.
     *
     * @param directory the partition's folder
     * @param baseOffset the offset in the names of its files
     * @param openFiles the caches it uses
     * @param indexIntervalBytes bytes between index entries
     * @param damage is told of damage
     */
    public record Place(
            Path directory, long baseOffset, OpenFiles openFiles, int indexIntervalBytes, Damage.Listener damage) {
        SegmentFile file() {
            return new SegmentFile(FileNames.of(directory, baseOffset, FileNames.LOG), openFiles);
        }

        SegmentFile adopted(FileChannel channel) {
            return new SegmentFile(FileNames.of(directory, baseOffset, FileNames.LOG), openFiles, channel);
        }
    }

    /** A new empty segment, with its data file. */
    public static Segment create(Place place) throws IOException {
        place.file().createEmpty();
        return announced(place);
    }

    /** An empty segment whose data file is there, or will be before anything is appended. */
    public static Segment announced(Place place) {
        return new Segment(
                place, place.file(), SegmentEnd.empty(place.baseOffset()), new SegmentIndexes(place.baseOffset()));
    }

    /** A segment that is not the last one, as it lies on disk. Nothing is read yet. */
    public static Segment existing(Place place, long nextOffset) throws IOException {
        int size = SegmentRepair.sizeOf(FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG));
        Segment segment = new Segment(place, place.file(), SegmentEnd.unread(size, nextOffset), null);
        segment.abortedOnDisk = Files.exists(FileNames.of(place.directory(), place.baseOffset(), FileNames.ABORTED));
        return segment;
    }

    /** The first offset it may hold. */
    public long baseOffset() {
        return baseOffset;
    }

    /** How far it reaches. */
    public SegmentEnd end() {
        return end;
    }

    /** Size of the data in bytes. */
    public int sizeInBytes() {
        return end.position();
    }

    /** Its data file. */
    public SegmentFile file() {
        return file;
    }

    /** The right to read the data file, or null if the segment is no longer part of the log. */
    public @Nullable Lease lease() throws IOException {
        return file.lease();
    }

    /** The right to read the data file. */
    public Lease requireLease() throws IOException {
        Lease lease = file.lease();
        if (lease == null) {
            throw new SegmentGoneException(this);
        }
        return lease;
    }

    /** Where it lies. */
    public Place place() {
        return new Place(directory, baseOffset, openFiles, indexIntervalBytes, damage);
    }

    /**
     * Writes whole batches behind the last one and publishes them. The buffer's position moves to its limit.
     *
     * @throws IOException if not everything was written; the segment ends where it did before
     */
    public void append(ByteBuffer records) throws IOException {
        SegmentIndexes growing = changing();
        Batches batches = Batches.in(records);
        int distance = end.position() - records.position();
        file.append(records, end.position());
        RecordBatch last = growing.addAll(batches, distance, indexIntervalBytes);
        end = last == null ? end : growing.end(last, distance);
    }

    /** The same for the one batch that {@link RecordBatch#fills} the buffer. */
    public void append(ByteBuffer bytes, RecordBatch batch) throws IOException {
        SegmentIndexes growing = changing();
        file.append(bytes, end.position());
        growing.add(batch, end.position(), indexIntervalBytes);
        end = growing.end(batch, end.position() - batch.position());
    }

    private SegmentIndexes changing() throws IOException {
        SegmentIndexes growing = growing();
        if (unchanged) {
            deleteIndexes();
            unchanged = false;
        }
        return growing;
    }

    /** Largest timestamp of the first batch in ms, or -1. Read from the file once. */
    public long firstTimestamp() throws IOException {
        if (end.position() == 0) {
            return RecordBatch.NO_TIMESTAMP;
        }
        long known = firstTimestamp;
        if (known == SegmentEnd.UNKNOWN) {
            known = SegmentRepair.firstTimestamp(this);
            firstTimestamp = known;
        }
        return known;
    }

    /** Time of the newest record in ms; if none has a time, that of the file's last change. */
    public long newestMs() throws IOException {
        long timestamp = maxTimestamp();
        return timestamp >= 0
                ? timestamp
                : Files.getLastModifiedTime(file.path()).toMillis();
    }

    /** Size of the file of an index, {@link FileNames#OFFSET_INDEX} or {@link FileNames#TIME_INDEX}, of a sealed segment. */
    public long indexBytes(String kind) throws IOException {
        return FileNames.sizeIfPresent(FileNames.of(directory, baseOffset, kind));
    }

    /** Notes a transaction whose abort marker was appended here. */
    public void aborted(AbortedTransaction transaction) {
        growing().aborted().append(transaction);
    }

    private SegmentIndexes growing() {
        SegmentIndexes growing = indexes;
        if (growing == null) {
            throw new IllegalStateException("Sealed: " + this);
        }
        return growing;
    }

    /** Whether one of the indexes reached the size {@code segment.index.bytes} allows. */
    public boolean indexFull(int maxIndexBytes) {
        SegmentIndexes growing = growing();
        return growing.offsets().size() >= maxIndexBytes / OffsetIndex.ENTRY_BYTES
                || growing.times().size() >= maxIndexBytes / TimeIndex.ENTRY_BYTES - 1;
    }

    /** Makes the time index name the largest timestamp. The last change before {@link #persist()}. */
    public void complete() {
        growing().complete();
    }

    /** Makes data and indexes durable, once nothing is appended any more. Any thread; again does nothing. */
    public synchronized void persist() throws IOException {
        SegmentIndexes complete = indexes;
        if (complete == null || unchanged) {
            return;
        }
        Lease lease = file.lease();
        if (lease == null) {
            return;
        }
        try (lease) {
            file.seal(lease.channel(), end.position());
            writeIndexes(complete);
        }
        abortedOnDisk = complete.aborted().size() > 0;
        openFiles.keep(this, complete);
        indexes = null;
    }

    /** Notes that the files of a cleaned segment have their names. */
    void installed() {
        SegmentIndexes complete = indexes;
        if (complete != null) {
            abortedOnDisk = complete.aborted().size() > 0;
            openFiles.keep(this, complete);
            indexes = null;
        }
        file.unpin();
    }

    SegmentIndexes indexes() throws IOException {
        SegmentIndexes inMemory = indexes;
        if (inMemory != null) {
            return inMemory;
        }
        try {
            inMemory = openFiles.indexes(this);
        } catch (IOException e) {
            throwIfGone();
            throw e;
        }
        // The files may have been those of the segment that took this one's place.
        throwIfGone();
        return inMemory;
    }

    @Nullable // if they would have to be read from the disk
    SegmentIndexes loadedIndexes() {
        return indexes == null ? openFiles.loadedIndexes(this) : indexes;
    }

    private void throwIfGone() throws SegmentGoneException {
        if (file.isRetired()) {
            openFiles.forget(this);
            throw new SegmentGoneException(this);
        }
    }

    SegmentIndexes loadIndexes() throws IOException {
        Optional<SegmentIndexes> onDisk = SegmentIndexes.read(directory, baseOffset, end.position());
        if (onDisk.isPresent() && SegmentRepair.agrees(this, onDisk.get())) {
            return onDisk.get();
        }
        SegmentIndexes rebuilt = SegmentRepair.rebuildIndexes(this);
        writeIndexes(rebuilt);
        return rebuilt;
    }

    /** Writes the files, unless by now they are those of a segment that took this one's place. */
    private void writeIndexes(SegmentIndexes complete) throws IOException {
        synchronized (indexFiles) {
            if (end.position() > 0 && !file.isRetired()) {
                complete.write(directory, baseOffset, "");
            }
        }
    }

    /** Largest timestamp in ms, or -1 if no record has one. Asks the time index of a sealed segment once. */
    public long maxTimestamp() throws IOException {
        SegmentEnd known = end;
        if (known.maxTimestamp() == SegmentEnd.UNKNOWN) {
            SegmentIndexes loaded = indexes();
            known = new SegmentEnd(
                    known.position(), known.nextOffset(), -1, 0, loaded.maxTimestamp(), loaded.offsetOfMaxTimestamp());
            end = known;
        }
        return known.maxTimestamp();
    }

    /** Whether all there is of data and indexes is on disk; for the owner once the segment is sealed, or before. */
    public boolean isPersisted() {
        return indexes == null || unchanged || end.position() == 0;
    }

    void unchanged() {
        unchanged = true;
    }

    /** Removes index files that are or will be outdated, so that those that are there can be relied on. For the owner. */
    public void deleteIndexes() throws IOException {
        for (String kind : FileNames.INDEX_KINDS) {
            Files.deleteIfExists(FileNames.of(directory, baseOffset, kind));
        }
    }

    /** Lets the offset and time index be built anew when they are needed next. */
    public void distrustIndexes() throws IOException {
        if (indexes == null) {
            openFiles.forget(this);
            Files.deleteIfExists(FileNames.of(directory, baseOffset, FileNames.OFFSET_INDEX));
            Files.deleteIfExists(FileNames.of(directory, baseOffset, FileNames.TIME_INDEX));
        }
    }

    /** Whether any marker of an aborted transaction lies here. */
    public boolean mayHoldAborted() {
        SegmentIndexes inMemory = indexes;
        return inMemory == null ? abortedOnDisk : inMemory.aborted().size() > 0;
    }

    /**
     * Adds the aborted transactions of this segment that touch a range of offsets to a list.
     *
     * @return whether no later segment can hold more of them
     */
    public boolean collectAborted(long fromOffset, long upToOffset, List<AbortedTransaction> found) throws IOException {
        return indexes().aborted().collect(fromOffset, upToOffset, found);
    }

    /** What the segment holds before the batch in which an offset lies, as a new active one on the same file. */
    public Segment headBelow(long offset) throws IOException {
        return SegmentRepair.headBelow(this, offset);
    }

    /** Makes the file as short as the segment. Only if the segment it was the head of gave out no lease that is not back. */
    public void cutFile() throws IOException {
        file.cut(end.position());
    }

    /** The same segment on a new file of the same name. Leases of this one keep the old file, which has no name any more. */
    public Segment copied() throws IOException {
        return new Segment(place(), file.copied(end.position()), end, growing());
    }

    /** Takes the files out of the log: renamed at once, removed by the executor when the last lease is back. */
    public void delete(Executor executor) throws IOException {
        openFiles.forget(this);
        retireFile();
        List<Path> renamed = new ArrayList<>();
        try {
            for (String kind : FileNames.SEGMENT_KINDS) {
                Path path = FileNames.of(directory, baseOffset, kind);
                Path target = path.resolveSibling(path.getFileName() + FileNames.DELETED);
                if (FileNames.renameIfPresent(path, target)) {
                    renamed.add(target);
                }
            }
        } finally {
            file.discard(() -> executor.execute(() -> FileNames.deleteQuietly(renamed)));
        }
    }

    /**
     * Gives out no more leases; the handle is closed with the last one.
     *
     * @return whether no lease is out
     */
    public boolean retire() {
        openFiles.forget(this);
        boolean unread = retireFile();
        file.discard(() -> {});
        return unread;
    }

    private boolean retireFile() {
        synchronized (indexFiles) {
            return file.retire();
        }
    }

    OpenFiles openFiles() {
        return openFiles;
    }

    @Override
    public String toString() {
        return "Segment[" + directory.getFileName() + "/" + baseOffset + " " + end + "]";
    }
}
