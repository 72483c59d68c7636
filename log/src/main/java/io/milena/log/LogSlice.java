package io.milena.log;

import io.milena.log.segment.Extent;
import io.milena.log.segment.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Whole batches of a log, to be read from its file: by position into a buffer, or by transfer to a socket. Keeps the file
 * open and as long as it is; closed exactly once, by any thread.
 */
public final class LogSlice implements AutoCloseable {
    private final @Nullable Lease lease;
    private final Extent extent;

    LogSlice(Lease lease, Extent extent) {
        this.lease = lease;
        this.extent = extent;
    }

    private LogSlice(long offset) {
        this.lease = null;
        this.extent = new Extent(0, 0, offset, offset);
    }

    /** A slice without batches or file; closing it does nothing. */
    static LogSlice empty(long offset) {
        return new LogSlice(offset);
    }

    /** Whether there are no batches in it. */
    public boolean isEmpty() {
        return extent.sizeInBytes() == 0;
    }

    /** Size of all batches together. */
    public int sizeInBytes() {
        return extent.sizeInBytes();
    }

    /** The file the batches lie in; to be read by position only. Only if not empty. */
    public FileChannel channel() {
        if (lease == null) {
            throw new IllegalStateException("An empty slice has no file");
        }
        return lease.channel();
    }

    /** Where in the file the batches start. */
    public long position() {
        return extent.position();
    }

    /** Base offset of the first batch, which may lie before the offset that was asked for. */
    public long firstOffset() {
        return extent.firstOffset();
    }

    /** All records of the slice lie below this offset, all records behind the slice at or above it. */
    public long nextOffset() {
        return extent.nextOffset();
    }

    /**
     * Copies all batches to a buffer, which must have room for them.
     *
     * @throws LogException {@link LogError#STORAGE_ERROR} if the disk fails
     */
    public void readInto(ByteBuffer target) {
        if (isEmpty()) {
            return;
        }
        int limit = target.limit();
        int end = target.position() + sizeInBytes();
        target.limit(end);
        try {
            long at = position();
            while (target.hasRemaining()) {
                int count = channel().read(target, at);
                if (count < 0) {
                    throw new IOException("File ends at " + at);
                }
                at += count;
            }
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot read " + extent, e);
        } finally {
            target.limit(limit);
        }
    }

    /** Reads it, and some bytes behind it, ahead of somebody who must not wait for the disk; blocks on it. */
    void bringIn(int bytesBehind) throws IOException {
        if (lease != null) {
            lease.bringIn(position(), position() + sizeInBytes() + bytesBehind);
        }
    }

    @Override
    public void close() {
        if (lease != null) {
            lease.close();
        }
    }
}
