package io.milena.protocol.wire;

import java.nio.ByteBuffer;

/** Records held in memory: a slice of a request frame, or a part of a segment. Equal when the bytes are equal. */
public record BufferRecords(ByteBuffer buffer) implements Records {
    /** Takes the bytes between the buffer's position and limit; the buffer itself stays untouched. */
    public BufferRecords {
        buffer = buffer.slice();
    }

    @Override
    public int sizeInBytes() {
        return buffer.remaining();
    }

    @Override
    public ByteBuffer buffer() {
        return buffer.duplicate();
    }

    @Override
    public String toString() {
        return "BufferRecords(" + buffer.remaining() + " bytes)";
    }
}
