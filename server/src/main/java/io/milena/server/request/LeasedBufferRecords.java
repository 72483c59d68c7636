package io.milena.server.request;

import java.nio.ByteBuffer;

/** Records in memory that somebody lends, such as the tail of a log. The bytes are sent from where they are, without a copy. */
public final class LeasedBufferRecords implements LeasedRecords {
    private final ByteBuffer bytes;
    private final Runnable release;

    /** @param bytes between position and limit; unchanging until the release, and at least one */
    public LeasedBufferRecords(ByteBuffer bytes, Runnable release) {
        if (!bytes.hasRemaining()) {
            throw new IllegalArgumentException("leased records without bytes");
        }
        this.bytes = bytes.slice();
        this.release = release;
    }

    @Override
    public int sizeInBytes() {
        return bytes.remaining();
    }

    @Override
    public ByteBuffer buffer() {
        return bytes.duplicate();
    }

    @Override
    public void release() {
        release.run();
    }
}
