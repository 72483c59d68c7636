package io.milena.log.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One data file, and the only class that writes to it. The file is opened by its first lease and stays open until
 * {@link OpenFiles} lets it go and the last lease is back. A retired file (deleted, or replaced by a shorter one) gives
 * out no more leases and lives on for those it gave.
 *
 * <pre>
 *   state:  bit 30 open | bit 29 left the cache, close when idle | bit 28 retired | bits 0-27 leases
 * </pre>
 *
 * Written by the owner of its log; leased by any thread. The monitor guards opening and closing only.
 */
public final class SegmentFile {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);

    /** What the system says when the process may have no more descriptors. */
    private static final String NO_MORE_FILES = "Too many open files";

    private static final int OPEN = 1 << 30;
    private static final int EVICTED = 1 << 29;
    private static final int RETIRED = 1 << 28;
    private static final int LEASES = RETIRED - 1;

    private final Path path;
    private final OpenFiles openFiles;
    private final CachedBlocks cached;
    private final Reserve reserve;
    private final AtomicInteger state = new AtomicInteger();
    private @Nullable FileChannel channel;
    private volatile @Nullable Runnable afterLastLease;
    // Whether a flush failed, after which the system may take for written what is not.
    private volatile boolean suspect;

    SegmentFile(Path path, OpenFiles openFiles) {
        this.path = path;
        this.openFiles = openFiles;
        this.cached = new CachedBlocks(openFiles.pageCache());
        this.reserve = new Reserve(openFiles.reserveRule());
    }

    /** A file that is open already, under another name perhaps, and stays open until it is unpinned. */
    SegmentFile(Path path, OpenFiles openFiles, FileChannel opened) {
        this(path, openFiles);
        this.channel = opened;
        state.set(OPEN + 1);
    }

    /** Allows a file that was open from the start to be closed, once it has the name it is said to have. */
    void unpin() {
        openFiles.used(this);
        giveBack();
    }

    /** Whether no more leases are given out. */
    boolean isRetired() {
        return (state.get() & RETIRED) != 0;
    }

    /** Where the file lies. */
    public Path path() {
        return path;
    }

    /** Creates the file, or finds it empty; keeps no handle. */
    public void createEmpty() throws IOException {
        try (FileChannel created = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (created.size() > 0) {
                throw new IOException("There is something in " + path);
            }
        }
    }

    /** A lease, or null if the file is retired and the caller should look at the log again. */
    @Nullable
    Lease lease() throws IOException {
        FileChannel open = acquire();
        if (open == null) {
            return null;
        }
        openFiles.leaseTaken();
        return new Lease(this, open);
    }

    void release() {
        openFiles.leaseBack();
        giveBack();
    }

    /** Writes all remaining bytes behind the last ones. After an exception, an unknown part of them is in the file. */
    void append(ByteBuffer bytes, long end) throws IOException {
        FileChannel open = acquireForOwner();
        try {
            reserve.appending(open, end, bytes.remaining(), openFiles.zeros());
            write(open, bytes, end);
        } finally {
            giveBack();
        }
    }

    /** Writes all remaining bytes at a position. After an exception, an unknown part of them is in the file. */
    void write(ByteBuffer bytes, long position) throws IOException {
        FileChannel open = acquireForOwner();
        try {
            write(open, bytes, position);
        } finally {
            giveBack();
        }
    }

    private void write(FileChannel open, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += open.write(bytes, at);
        }
        cached.appended(position, at);
    }

    /**
     * Lets the file end with its last batch and makes it durable, once nothing is appended any more. Any thread.
     *
     * @param opened the file, on lease
     */
    void seal(FileChannel opened, long end) throws IOException {
        reserve.trim(opened, end);
        force();
    }

    /** Lets the file end with its last batch if nothing was appended since this was called last. For the owner, now and then. */
    public void tidy(long end) throws IOException {
        if (reserve.restsAt(end)) {
            FileChannel open = acquireForOwner();
            try {
                reserve.trim(open, end);
                reserve.cut();
            } finally {
                giveBack();
            }
        }
    }

    /** How far everything from a position on can probably be read without waiting for the disk, at most up to another one. */
    long cachedUpTo(long from, long to) {
        return cached.cachedUpTo(from, to);
    }

    /**
     * Reads the blocks around a range, so that who reads them next does not wait for the disk; those that are cached are left
     * out. Blocks on the disk.
     *
     * @param opened the file, on lease
     */
    void bringIn(FileChannel opened, long from, long to) throws IOException {
        cached.bringIn(opened, from, to);
    }

    /**
     * Makes everything written so far durable. Any thread; returns at once if the file is retired.
     *
     * @throws IOException if this failed, now or before: a later success would prove nothing, see {@link SegmentRewrite}
     */
    public void force() throws IOException {
        if (suspect) {
            throw new IOException("An earlier flush failed: " + path);
        }
        forceAgain();
    }

    /** The same, for who wrote everything once more since a flush failed. */
    void forceAgain() throws IOException {
        FileChannel open = acquire();
        if (open == null) {
            return;
        }
        boolean forced = false;
        try {
            open.force(false);
            forced = true;
            reserve.forced();
        } finally {
            suspect = !forced;
            giveBack();
        }
    }

    /** Whether a flush failed since the file was opened, or since everything was written once more. Any thread. */
    public boolean isSuspect() {
        return suspect;
    }

    /**
     * Stops the giving out of leases, for good.
     *
     * @return whether no lease is out, so that the file may be changed
     */
    boolean retire() {
        int before = state.getAndUpdate(s -> (s | RETIRED) + 1);
        if ((before & RETIRED) != 0) {
            throw new IllegalStateException("Retired twice: " + this);
        }
        return (before & LEASES) == 0;
    }

    /** Lets a retired file go: when its last lease is back, it is closed and then the action is run. */
    void discard(Runnable action) {
        afterLastLease = action;
        giveBack();
    }

    /**
     * Makes the file shorter, durably: what is written there next must not be mixed with what was there before. Nobody may
     * have a lease on the bytes behind the new end.
     */
    void cut(long size) throws IOException {
        try (FileChannel own = FileChannel.open(path, StandardOpenOption.WRITE)) {
            own.truncate(size);
            own.force(false);
        }
        reserve.cut();
    }

    /** A copy of the first bytes that takes this file's name. This one, without a name, lives on for its leases. */
    SegmentFile copied(long size) throws IOException {
        Path copy = path.resolveSibling(path.getFileName() + FileNames.TEMPORARY);
        copyHead(size, copy);
        Files.move(copy, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new SegmentFile(path, openFiles);
    }

    private void copyHead(long size, Path copy) throws IOException {
        try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(
                        copy,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            long copied = 0;
            while (copied < size) {
                long count = from.transferTo(copied, size - copied, to);
                if (count <= 0) {
                    throw new IOException("File ends at " + copied + " instead of " + size + ": " + path);
                }
                copied += count;
            }
            to.force(false);
        }
    }

    private FileChannel acquireForOwner() throws IOException {
        FileChannel open = acquire();
        if (open == null) {
            throw new IllegalStateException("Retired: " + this);
        }
        return open;
    }

    private @Nullable FileChannel acquire() throws IOException {
        while (true) {
            int s = state.get();
            if ((s & RETIRED) != 0) {
                return null;
            }
            if ((s & OPEN) == 0 || (s & EVICTED) != 0) {
                return acquireSlowly();
            }
            if (state.compareAndSet(s, s + 1)) {
                FileChannel open = channel;
                if (open != null && open.isOpen()) {
                    openFiles.used(this);
                    return open;
                }
                // The interrupt of a thread that was reading closed it for all.
                giveBack();
                return acquireSlowly();
            }
        }
    }

    private @Nullable FileChannel acquireSlowly() throws IOException {
        try {
            return openAndAcquire();
        } catch (FileSystemException e) {
            if (!NO_MORE_FILES.equals(e.getReason())) {
                throw e;
            }
            openFiles.closeIdle();
            return openAndAcquire();
        }
    }

    private @Nullable FileChannel openAndAcquire() throws IOException {
        FileChannel open;
        synchronized (this) {
            open = channel;
            if (open == null || !open.isOpen()) {
                if ((state.get() & RETIRED) != 0) {
                    return null;
                }
                open = openUnlessRetired();
                if (open == null) {
                    return null;
                }
                channel = open;
            }
            // A file retired meanwhile is closed by discard, whatever is said of it here.
            int s = state.updateAndGet(old -> (old & RETIRED) != 0 ? old | OPEN : ((old | OPEN) & ~EVICTED) + 1);
            if ((s & RETIRED) != 0) {
                return null;
            }
        }
        // Outside the monitor: an insertion may push another file out, whose monitor is then taken.
        openFiles.used(this);
        return open;
    }

    private @Nullable FileChannel openUnlessRetired() throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            if ((state.get() & RETIRED) != 0) {
                return null;
            }
            throw e;
        }
    }

    private void giveBack() {
        int s = state.decrementAndGet();
        if ((s & LEASES) == 0 && (s & (EVICTED | RETIRED)) != 0) {
            closeIfIdle();
        }
    }

    void evicted() {
        int s = state.updateAndGet(old -> (old & OPEN) != 0 ? old | EVICTED : old);
        if ((s & LEASES) == 0) {
            closeIfIdle();
        }
    }

    private void closeIfIdle() {
        Runnable action = null;
        synchronized (this) {
            int s = state.get();
            if ((s & LEASES) != 0 || (s & (EVICTED | RETIRED)) == 0) {
                return;
            }
            if (!state.compareAndSet(s, s & RETIRED)) {
                // Only retire() changes the state of an idle, evicted file without the monitor; it will come here
                // again.
                return;
            }
            closeQuietly();
            if ((s & RETIRED) != 0) {
                action = afterLastLease;
                afterLastLease = null;
            }
        }
        if (action != null) {
            openFiles.closed(this);
            action.run();
        }
    }

    private void closeQuietly() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Everything written was handed to the system before; durability is the business of force().
                LOG.warn("event=close-failed file={} cause={}", path, e.toString());
            }
        }
    }

    @Override
    public String toString() {
        return "SegmentFile[" + path.getFileName() + "]";
    }
}
