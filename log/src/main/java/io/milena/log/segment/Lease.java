package io.milena.log.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The right to read one open file: until it is closed, the file is neither closed nor made shorter. Taken and closed by
 * any thread; closed exactly once.
 */
public final class Lease implements AutoCloseable {
    private static final AtomicIntegerFieldUpdater<Lease> CLOSED =
            AtomicIntegerFieldUpdater.newUpdater(Lease.class, "closed");

    private final SegmentFile file;
    private final FileChannel channel;

    @SuppressWarnings("UnusedVariable") // changed by its updater, to save an object
    private volatile int closed;

    Lease(SegmentFile file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The open file. To be read by position only, never to be closed. */
    public FileChannel channel() {
        return channel;
    }

    /** Reads a range of the file ahead of somebody who must not wait for the disk; blocks on it. */
    public void bringIn(long from, long to) throws IOException {
        file.bringIn(channel, from, to);
    }

    /**
     * Gives the right back.
     *
     * @throws IllegalStateException if that was done before
     */
    @Override
    public void close() {
        if (!CLOSED.compareAndSet(this, 0, 1)) {
            throw new IllegalStateException("Lease closed twice: " + file);
        }
        file.release();
    }
}
