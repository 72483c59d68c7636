package io.milena.server.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames.
 *
 * <pre>
 *   received   | length (4) | frame ........ | length (4) | frame ..   |   a frame within one receive buffer stays there
 *   partial                                               | frame .... |   one that spans several is copied into a buffer of its own
 * </pre>
 *
 * A partial frame's buffer grows with the bytes that arrive, whatever length was announced. Frames and partial frames are counted in
 * {@link RequestMemory}; whoever takes a frame gives its bytes back there. Belongs to the connection's event loop.
 */
final class FrameDecoder {
    /** The shortest request: API key, version, correlation id. */
    static final int MIN_FRAME_BYTES = 8;

    /** The length before each frame. */
    static final int LENGTH_BYTES = 4;

    private static final int MIN_PARTIAL_BYTES = 1024;

    /** A client that has once completed a frame of some size gets a buffer of that size at once, up to this limit. */
    private static final int MAX_TRUSTED_BYTES = 1 << 20;

    private final ByteBufAllocator allocator;
    private final int maxFrameBytes;
    private final RequestMemory memory;

    private @Nullable ByteBuf received;
    private @Nullable ByteBuf partial;
    private int length;
    private int lengthBytes;
    private int trustedBytes;

    FrameDecoder(ByteBufAllocator allocator, int maxFrameBytes, RequestMemory memory) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.memory = memory;
    }

    /** Takes over a buffer of received bytes. */
    void add(ByteBuf bytes) {
        if (received == null) {
            received = bytes;
        } else { // only if somebody reads although the gate is closed, as TLS does with what it has decrypted
            ByteBuf both = allocator.directBuffer(received.readableBytes() + bytes.readableBytes());
            both.writeBytes(received).writeBytes(bytes);
            received.release();
            bytes.release();
            received = both;
        }
    }

    /**
     * The next frame, without its length; null if it has not arrived completely. The caller owns it.
     *
     * @throws InvalidFrameException if no frame can have the length that was sent
     */
    @Nullable
    RequestFrame next() throws InvalidFrameException {
        ByteBuf in = received;
        if (in == null) {
            return null;
        }
        RequestFrame frame = partial == null ? cut(in) : fill(partial, in);
        if (!in.isReadable()) {
            in.release();
            received = null;
        }
        return frame;
    }

    /** Whether there are bytes that no frame was made of yet. */
    boolean hasBytes() {
        return received != null || partial != null;
    }

    /** Whether a frame has begun and needs more bytes than there are. */
    boolean isInsideFrame() {
        return partial != null;
    }

    /** Forgets all bytes. */
    void close() {
        if (received != null) {
            received.release();
            received = null;
        }
        if (partial != null) {
            memory.release(partial.capacity());
            partial.release();
            partial = null;
        }
    }

    private @Nullable RequestFrame cut(ByteBuf in) throws InvalidFrameException {
        while (lengthBytes < LENGTH_BYTES && in.isReadable()) {
            length = length << Byte.SIZE | in.readUnsignedByte();
            lengthBytes++;
        }
        if (lengthBytes < LENGTH_BYTES) {
            return null;
        }
        if (length < MIN_FRAME_BYTES || length > maxFrameBytes) {
            throw new InvalidFrameException(
                    "frame of " + length + " bytes, allowed are " + MIN_FRAME_BYTES + " to " + maxFrameBytes);
        }
        if (in.readableBytes() >= length) {
            memory.reserve(length);
            int start = in.readerIndex();
            in.skipBytes(length);
            return complete(in.retain(), start);
        }
        int capacity = capacityFor(in.readableBytes());
        memory.reserve(capacity);
        partial = allocator.directBuffer(capacity, length);
        return fill(partial, in);
    }

    private @Nullable RequestFrame fill(ByteBuf frame, ByteBuf in) {
        int take = Math.min(in.readableBytes(), length - frame.writerIndex());
        if (take > frame.writableBytes()) {
            int capacity = capacityFor(frame.writerIndex() + take);
            memory.reserve(capacity - frame.capacity());
            frame.capacity(capacity);
        }
        frame.writeBytes(in, take);
        if (frame.writerIndex() < length) {
            return null;
        }
        partial = null; // a full frame fills its capacity, so what is reserved is its length
        return complete(frame, 0);
    }

    private RequestFrame complete(ByteBuf bytes, int start) {
        RequestFrame frame = new RequestFrame(bytes, start, length, memory);
        trustedBytes = Math.max(trustedBytes, Math.min(length, MAX_TRUSTED_BYTES));
        length = 0;
        lengthBytes = 0;
        return frame;
    }

    private int capacityFor(int arrivedBytes) {
        long doubled = Math.max(2L * arrivedBytes, Math.max(MIN_PARTIAL_BYTES, trustedBytes));
        return (int) Math.min(length, doubled);
    }
}
