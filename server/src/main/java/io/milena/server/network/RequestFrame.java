package io.milena.server.network;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bytes of one request: the buffer, and its share of the request memory. Released once, however often that is asked for, on any thread.
 */
final class RequestFrame implements Runnable {
    private final ByteBuf bytes;
    private final RequestMemory memory;
    private final int reservedBytes;
    private final AtomicBoolean released = new AtomicBoolean();

    RequestFrame(ByteBuf bytes, RequestMemory memory) {
        this.bytes = bytes;
        this.memory = memory;
        this.reservedBytes = bytes.readableBytes();
    }

    /** Only before the release. */
    ByteBuf bytes() {
        return bytes;
    }

    /** Releases it. */
    @Override
    public void run() {
        release();
    }

    void release() {
        if (released.compareAndSet(false, true)) {
            bytes.release();
            memory.release(reservedBytes);
        }
    }
}
