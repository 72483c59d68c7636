package io.milena.server.network;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The bytes a request takes while it is in progress: its share of the request memory, and its buffer if the request has slices of it.
 * Released once, on any thread.
 */
final class RequestFrame {
    private final RequestMemory memory;
    private final int reservedBytes;
    private @Nullable ByteBuf bytes;

    RequestFrame(ByteBuf bytes, RequestMemory memory) {
        this.bytes = bytes;
        this.memory = memory;
        this.reservedBytes = bytes.readableBytes();
    }

    ByteBuf bytes() {
        if (bytes == null) {
            throw new IllegalStateException("frame was released");
        }
        return bytes;
    }

    /** Gives the buffer back, and keeps the share: the request was read and has no slices. */
    void releaseBytes() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }

    void release() {
        releaseBytes();
        memory.release(reservedBytes);
    }
}
