package io.milena.log.batch;

import io.milena.log.LogError;
import io.milena.log.LogException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A heap buffer that grows as it is written, up to a limit. */
final class GrowingBuffer extends OutputStream {
    private final int maxBytes;
    private byte[] bytes;
    private int size;

    GrowingBuffer(int initialBytes, int maxBytes) {
        this.bytes = new byte[initialBytes];
        this.maxBytes = maxBytes;
    }

    @Override
    public void write(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Appends the bytes from position to limit, which stay as they are. */
    void write(ByteBuffer source) {
        int length = source.remaining();
        ensure(length);
        source.get(source.position(), bytes, size, length);
        size += length;
    }

    /** A signed number, small for small magnitudes. */
    void writeVarint(int value) {
        writeUnsigned(Integer.toUnsignedLong((value << 1) ^ (value >> 31)));
    }

    /** A signed number, small for small magnitudes. */
    void writeVarlong(long value) {
        writeUnsigned((value << 1) ^ (value >> 63));
    }

    private void writeUnsigned(long raw) {
        ensure(10);
        long rest = raw;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            if (more > maxBytes - size) {
                throw new LogException(LogError.MESSAGE_TOO_LARGE, "Batch larger than " + maxBytes + " bytes");
            }
            long doubled = Math.min(maxBytes, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, (long) size + more));
        }
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    byte[] array() {
        return bytes;
    }

    /** The bytes written, sharing memory. */
    ByteBuffer written() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
