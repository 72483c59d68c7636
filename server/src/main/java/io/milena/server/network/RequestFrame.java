package io.milena.server.network;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The bytes of one request: the buffer, and its share of the request memory. Released once, however often that is asked for, on any thread.
 */
final class RequestFrame implements Runnable {
    private static final AtomicIntegerFieldUpdater<RequestFrame> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(RequestFrame.class, "released");

    private final ByteBuf bytes;
    private final RequestMemory memory;
    private final int reservedBytes;
    private volatile int released;

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
        if (released == 0 && RELEASED.compareAndSet(this, 0, 1)) {
            bytes.release();
            memory.release(reservedBytes);
        }
    }
}
