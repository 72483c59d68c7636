package io.milena.log.recovery;

import io.milena.log.Damage;
import io.milena.log.LogException;
import io.milena.log.producer.Producers;
import io.milena.log.segment.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The {@code .snapshot} files of a log: the producers as they were at the offset in the name. Written in the background
 * and removed by the owner; a snapshot taken before the log was cut is not written after it.
 */
public final class ProducerSnapshots {
    private final Path directory;
    private final NavigableSet<Long> offsets;
    private final Damage.Listener damage;
    // Where writing failed: there may be one, which nobody relies on, but which must go with the others.
    private final TreeSet<Long> unsure = new TreeSet<>();
    private int cuts;

    /** The snapshots in a partition's folder. */
    ProducerSnapshots(FolderContent folder, Damage.Listener damage) {
        this.damage = damage;
        this.directory = folder.directory();
        this.offsets = folder.offsets(FileNames.SNAPSHOT);
    }

    /** A snapshot that was taken and is to be written. */
    public record Taken(long offset, ByteBuffer bytes, int cutsBefore) {}

    /** Takes a snapshot; for the owner of the log. */
    public synchronized Taken take(long offset, Producers producers) {
        return new Taken(offset, producers.encode(), cuts);
    }

    /** Writes a snapshot durably, unless the log was cut since it was taken. */
    public synchronized void write(Taken taken) throws IOException {
        if (taken.cutsBefore() == cuts) {
            unsure.add(taken.offset());
            AtomicFile.write(path(taken.offset()), taken.bytes());
            unsure.remove(taken.offset());
            offsets.add(taken.offset());
        }
    }

    /** Whether there is any. */
    synchronized boolean isAny() {
        return !offsets.isEmpty();
    }

    /** Whether there is a snapshot at an offset. */
    public synchronized boolean isAt(long offset) {
        return offsets.contains(offset);
    }

    /**
     * Loads the newest sound snapshot at or below an offset; damaged ones are removed.
     *
     * @return its offset; -1 if there is none, the producers are empty then
     */
    public synchronized long load(Producers producers, long offset, long nowMs, long expirationMs) throws IOException {
        Long newest = offsets.floor(offset);
        while (newest != null) {
            try {
                producers.load(ByteBuffer.wrap(Files.readAllBytes(path(newest))), nowMs, expirationMs);
                return newest;
            } catch (LogException e) {
                damage.found(Damage.of(
                        Damage.Kind.PRODUCER_SNAPSHOT,
                        path(newest),
                        "removed, an older one is used: " + e.getMessage()));
                remove(newest);
                newest = offsets.floor(offset);
            }
        }
        producers.clear();
        return -1;
    }

    /** Removes the snapshots above an offset, for the log was cut there. Whether there were any. */
    public synchronized boolean cut(long offset) throws IOException {
        cuts++;
        List<Long> above = new ArrayList<>(offsets.tailSet(offset, false));
        above.addAll(unsure.tailSet(offset, false));
        for (Long gone : above) {
            remove(gone.longValue());
        }
        return !above.isEmpty();
    }

    /** Removes the snapshots that are not needed any more, now that the first segment starts at an offset. */
    public synchronized void removeBefore(long firstBaseOffset) throws IOException {
        Long needed = offsets.floor(firstBaseOffset);
        if (needed != null) {
            for (Long older : new TreeSet<>(offsets.headSet(needed))) {
                remove(older);
            }
        }
    }

    /** Removes the snapshots at some offsets. */
    public synchronized void remove(Collection<Long> unneeded) throws IOException {
        for (Long offset : unneeded) {
            if (offsets.contains(offset)) {
                remove(offset.longValue());
            }
        }
    }

    /** Lets no more snapshots be written; the folder may belong to another log from now on. */
    public synchronized void close() {
        cuts++;
    }

    private void remove(long offset) throws IOException {
        Files.deleteIfExists(path(offset));
        offsets.remove(offset);
        unsure.remove(offset);
    }

    private Path path(long offset) {
        return FileNames.of(directory, offset, FileNames.SNAPSHOT);
    }
}
