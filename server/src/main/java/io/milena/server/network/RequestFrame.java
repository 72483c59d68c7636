package io.milena.server.network;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The bytes of one request: a part of a receive buffer or a buffer of its own, and its share of the request memory. Released once, however
 * often that is asked for, on any thread.
 */
final class RequestFrame implements Runnable {
    private static final AtomicIntegerFieldUpdater<RequestFrame> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(RequestFrame.class, "released");

    private final ByteBuf bytes;
    private final int start;
    private final int length;
    private final RequestMemory memory;
    private volatile int released;

    /**
     * Takes over a buffer and what is reserved for it.
     *
     * @param start where the frame begins in it
     * @param length bytes of the frame, as many as are reserved
     */
    RequestFrame(ByteBuf bytes, int start, int length, RequestMemory memory) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
        this.memory = memory;
    }

    int length() {
        return length;
    }

    /**
     * The bytes, from the view's position to its limit. On the event loop, before the release: all frames of a receive buffer share one
     * view, which is good until the next one is asked for. Slices of it are their own.
     */
    ByteBuffer view() {
        return bytes.internalNioBuffer(start, length);
    }

    /** Releases it. */
    @Override
    public void run() {
        release();
    }

    void release() {
        if (released == 0 && RELEASED.compareAndSet(this, 0, 1)) {
            bytes.release();
            memory.release(length);
        }
    }
}
