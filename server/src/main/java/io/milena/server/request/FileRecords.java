package io.milena.server.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Records in a response that stay in their file until they are sent. Owned by the response it is put into: the network calls
 * {@link #release()} once, when the bytes were written or never will be. The bytes must be complete in the file.
 */
public final class FileRecords implements LeasedRecords {
    private final FileChannel channel;
    private final long position;
    private final int sizeInBytes;
    private final Runnable release;

    /**
     * @param channel an open file; stays open at least until the release
     * @param position where in the file the records begin
     * @param sizeInBytes at least 1: a response without records carries none, and then there is nothing to release
     * @param release gives back the file, on the connection's event loop or, if the connection has gone, on any thread
     */
    public FileRecords(FileChannel channel, long position, int sizeInBytes, Runnable release) {
        if (sizeInBytes < 1) {
            throw new IllegalArgumentException("file records of " + sizeInBytes + " bytes");
        }
        this.channel = channel;
        this.position = position;
        this.sizeInBytes = sizeInBytes;
        this.release = release;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    public FileChannel channel() {
        return channel;
    }

    public long position() {
        return position;
    }

    /** Reads the bytes from the file; for tests and small sizes. */
    @Override
    public ByteBuffer buffer() {
        ByteBuffer bytes = ByteBuffer.allocate(sizeInBytes);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, position + bytes.position()) < 0) {
                    throw new UncheckedIOException(new IOException("file ends within the records: " + this));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.flip();
    }

    @Override
    public void release() {
        release.run();
    }

    @Override
    public String toString() {
        return "FileRecords(position=" + position + ", bytes=" + sizeInBytes + ")";
    }
}
