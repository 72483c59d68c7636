package io.milena.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads Kafka's primitive types from one frame. Every read is checked against what is left of the frame, and every length is
 * checked before anything is allocated for it; a violation is a {@link ProtocolException}. Used by one thread at a time.
 */
public final class Reader {
    private static final int LONGEST_STRING = Short.MAX_VALUE;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer buffer;
    private int start;

    /** Reads nothing until it {@link #begin begins}. */
    public Reader() {
        this(NOTHING);
    }

    /** Reads from the buffer's position to its limit; the buffer's own position is left alone. Byte order is big endian. */
    public Reader(ByteBuffer buffer) {
        this.buffer = buffer.slice();
    }

    /** Begins anew with a frame, from the buffer's position to its limit; moves both, until it begins with another one. */
    public Reader begin(ByteBuffer frame) {
        buffer = frame;
        start = frame.position();
        return this;
    }

    /** Bytes not read yet. */
    public int remaining() {
        return buffer.remaining();
    }

    /** Bytes read so far. */
    public int position() {
        return buffer.position() - start;
    }

    public boolean readBool() {
        return readInt8() != 0;
    }

    public byte readInt8() {
        need(1);
        return buffer.get();
    }

    public short readInt16() {
        need(2);
        return buffer.getShort();
    }

    public int readUint16() {
        return readInt16() & 0xFFFF;
    }

    public int readInt32() {
        need(4);
        return buffer.getInt();
    }

    public long readInt64() {
        need(8);
        return buffer.getLong();
    }

    public double readFloat64() {
        need(8);
        return buffer.getDouble();
    }

    public UUID readUuid() {
        need(16);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** Reads an id that is probably the one named, which is returned then in place of a new one. */
    public UUID readUuid(@Nullable UUID likely) {
        need(16);
        long high = buffer.getLong();
        long low = buffer.getLong();
        return likely != null && high == likely.getMostSignificantBits() && low == likely.getLeastSignificantBits()
                ? likely
                : new UUID(high, low);
    }

    /** An unsigned number of at most 31 bits; larger ones are refused, as nothing on the wire counts that far. */
    public int readUnsignedVarint() {
        long value = 0;
        for (int shift = 0; shift <= 28; shift += 7) {
            int next = readInt8();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                if (value > Integer.MAX_VALUE) {
                    break;
                }
                return (int) value;
            }
        }
        throw new ProtocolException("unsigned varint does not fit in 31 bits");
    }

    public String readString() {
        return ProtocolException.required(readNullableString(), "string");
    }

    public @Nullable String readNullableString() {
        return text(readInt16());
    }

    /** Reads a string that is probably the one named, which is returned then in place of a new one. */
    public @Nullable String readNullableString(@Nullable String likely) {
        return text(readInt16(), likely);
    }

    public String readCompactString() {
        return ProtocolException.required(readCompactNullableString(), "string");
    }

    public @Nullable String readCompactNullableString() {
        return text(readUnsignedVarint() - 1);
    }

    /** Like {@link #readNullableString(String)}, with a compact length. */
    public @Nullable String readCompactNullableString(@Nullable String likely) {
        return text(readUnsignedVarint() - 1, likely);
    }

    public byte[] readBytes() {
        return ProtocolException.required(readNullableBytes(), "bytes");
    }

    public byte @Nullable [] readNullableBytes() {
        return bytes(readInt32());
    }

    public byte[] readCompactBytes() {
        return ProtocolException.required(readCompactNullableBytes(), "bytes");
    }

    public byte @Nullable [] readCompactNullableBytes() {
        return bytes(readUnsignedVarint() - 1);
    }

    /** The records as a slice of the frame, which must live as long as they do. */
    public @Nullable Records readRecords() {
        return records(readInt32());
    }

    /** The bytes of records, null if there are none: a slice of the frame, which must live as long. */
    public @Nullable ByteBuffer readSlice() {
        return slice(readInt32());
    }

    /** Like {@link #readSlice()}, with a compact length. */
    public @Nullable ByteBuffer readCompactSlice() {
        return slice(readUnsignedVarint() - 1);
    }

    /** Like {@link #readRecords()}, with a compact length. */
    public @Nullable Records readCompactRecords() {
        return records(readUnsignedVarint() - 1);
    }

    /**
     * The number of elements of an array, or -1 for null.
     *
     * @param elementSize the fewest bytes one element can take; a count that cannot fit in the frame is refused
     */
    public int readArrayLength(int elementSize) {
        return arrayLength(readInt32(), elementSize);
    }

    /** Like {@link #readArrayLength}, with a compact count. */
    public int readCompactArrayLength(int elementSize) {
        return arrayLength(readUnsignedVarint() - 1, elementSize);
    }

    /** Reads the size of a tagged field whose tag was just read; returns the position where the field must end. */
    public int readTagEnd() {
        int size = readUnsignedVarint();
        need(size);
        return buffer.position() + size;
    }

    /** Fails unless the tagged field that was just read ends where its size said. */
    public void finishTag(int end) {
        if (buffer.position() != end) {
            throw new ProtocolException("tagged field is not as long as its size says");
        }
    }

    /** Skips a tagged field that this version of the message does not know. */
    public void skipTag(int end) {
        buffer.position(end);
    }

    /** Skips a tagged section of which nothing is known. */
    public void skipTags() {
        int count = readUnsignedVarint();
        for (int i = 0; i < count; i++) {
            readUnsignedVarint();
            skipTag(readTagEnd());
        }
    }

    private int arrayLength(int length, int elementSize) {
        if (length < 0) {
            return -1;
        }
        if ((long) length * elementSize > buffer.remaining()) {
            throw new ProtocolException("array of " + length + " elements in " + buffer.remaining() + " bytes");
        }
        return length;
    }

    private @Nullable String text(int length, @Nullable String likely) {
        if (likely == null || length != likely.length() || length > buffer.remaining()) {
            return text(length);
        }
        int from = buffer.position();
        for (int i = 0; i < length; i++) {
            byte read = buffer.get(from + i);
            if (read < 0 || read != likely.charAt(i)) {
                return text(length);
            }
        }
        buffer.position(from + length);
        return likely;
    }

    private @Nullable String text(int length) {
        if (length < 0) {
            return null;
        }
        if (length > LONGEST_STRING) {
            throw new ProtocolException("string of " + length + " bytes");
        }
        need(length);
        int from = buffer.position();
        buffer.position(from + length);
        if (buffer.hasArray()) {
            return new String(buffer.array(), buffer.arrayOffset() + from, length, StandardCharsets.UTF_8);
        }
        byte[] copy = new byte[length];
        buffer.get(from, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    private byte @Nullable [] bytes(int length) {
        if (length < 0) {
            return null;
        }
        need(length);
        byte[] copy = new byte[length];
        buffer.get(copy);
        return copy;
    }

    private @Nullable Records records(int length) {
        ByteBuffer slice = slice(length);
        return slice == null ? null : new BufferRecords(slice);
    }

    private @Nullable ByteBuffer slice(int length) {
        if (length < 0) {
            return null;
        }
        need(length);
        ByteBuffer slice = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return slice;
    }

    private void need(int bytes) {
        if (bytes > buffer.remaining()) {
            throw new ProtocolException("frame ends " + (bytes - buffer.remaining()) + " bytes early");
        }
    }
}
