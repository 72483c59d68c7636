package io.milena.server.storage;

import io.milena.log.recovery.AtomicFile;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether data folders can still be used: those in which something failed, by writing to them, and all of them every now and
 * then, by looking whether they are there. Any thread.
 */
public final class FolderCheck implements AutoCloseable {
    /** A folder that was removed or whose disk was taken away is noticed after this time at the latest. */
    public static final long INTERVAL_MS = 5_000;

    private final DataFolders folders;
    private final Timers timers;
    private final Executor background;
    private final Set<DataFolder> suspects = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Timeout next;
    private volatile boolean closed;

    /** @param background may block on the disk */
    public FolderCheck(DataFolders folders, Timers timers, Executor background) {
        this.folders = folders;
        this.timers = timers;
        this.background = background;
    }

    /** Begins to look every now and then. */
    public void start() {
        if (!closed) {
            next = timers.schedule(
                    INTERVAL_MS,
                    () -> background.execute(() -> {
                        look();
                        start();
                    }));
        }
    }

    /** Something failed in a folder: tries soon whether it can be written. */
    public void suspect(DataFolder folder) {
        if (!closed && folder.isOnline() && suspects.add(folder)) {
            background.execute(() -> {
                suspects.remove(folder);
                probe(folder);
            });
        }
    }

    @Override
    public void close() {
        closed = true;
        Timeout waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    private void look() {
        for (DataFolder folder : folders.everything()) {
            if (folder.isOnline() && !folder.isInPlace()) {
                folders.fail(folder, "the folder was removed or replaced, or its disk was taken away");
            }
        }
    }

    private void probe(DataFolder folder) {
        Path path = folder.path();
        try {
            if (!folder.isInPlace()) {
                throw new IOException("the folder was removed or replaced, or its disk was taken away");
            }
            AtomicFile.probe(path);
        } catch (IOException e) {
            if (!folder.isFull(e)) {
                folders.fail(folder, DiskErrors.reason(e));
            }
        }
    }
}
