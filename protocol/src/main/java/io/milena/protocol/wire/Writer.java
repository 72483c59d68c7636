package io.milena.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes Kafka's primitive types into one growing buffer, in one pass. Records are not copied: their length prefix is
 * written, and the records are remembered as a {@link Splice} at that position, to be sent between the bytes before and
 * after it. Used by one thread at a time.
 */
public final class Writer {
    private static final int LONGEST_STRING = Short.MAX_VALUE;
    private static final int SMALLEST_BUFFER = 64;

    /** Strings of ASCII up to this length are written without a copy; what is longer is faster to copy as a whole. */
    private static final int LONGEST_UNCOPIED_STRING = 255;

    private ByteBuffer buffer;
    private final List<Splice> splices = new ArrayList<>(0);
    private int spliced;

    /** Records that belong between the written bytes {@code position - 1} and {@code position}. */
    public record Splice(int position, Records records) {}

    public Writer(int initialCapacity) {
        buffer = ByteBuffer.allocate(Math.max(initialCapacity, SMALLEST_BUFFER));
    }

    /** Begins anew, for another message; the memory is used again, so nothing that was taken from the writer may be used any more. */
    public void clear() {
        buffer.clear();
        splices.clear();
        spliced = 0;
    }

    /** The memory whose first {@link #position} bytes are the bytes written so far, without the splices; until the next write. */
    public byte[] array() {
        return buffer.array();
    }

    /** The bytes written so far, without the splices; shares the writer's memory until the next write. */
    public ByteBuffer buffer() {
        return buffer.duplicate().flip();
    }

    /** The records to be sent within {@link #buffer()}, by ascending position. */
    public List<Splice> splices() {
        return Collections.unmodifiableList(splices);
    }

    /** Their number. */
    public int spliceCount() {
        return splices.size();
    }

    /** One of them. */
    public Splice splice(int index) {
        return splices.get(index);
    }

    /** Number of bytes written so far, without the splices: the position in {@link #buffer()} of what comes next. */
    public int position() {
        return buffer.position();
    }

    /** Number of bytes of the whole message: what was written and all splices. */
    public int sizeInBytes() {
        return buffer.position() + spliced;
    }

    /** Copies written bytes and splices into one buffer: for messages that are small, or that go into a log. */
    public ByteBuffer joined() {
        ByteBuffer joined = ByteBuffer.allocate(sizeInBytes());
        ByteBuffer written = buffer();
        for (Splice splice : splices) {
            joined.put(written.duplicate().limit(splice.position()));
            written.position(splice.position());
            joined.put(splice.records().buffer());
        }
        return joined.put(written).flip();
    }

    /** Overwrites four bytes written before, such as a length prefix that was not known yet. */
    public void patchInt32(int position, int value) {
        buffer.putInt(position, value);
    }

    public void writeBool(boolean value) {
        writeInt8(value ? (byte) 1 : 0);
    }

    public void writeInt8(byte value) {
        room(1).put(value);
    }

    public void writeInt16(short value) {
        room(2).putShort(value);
    }

    /** Writes a number of 0 to 65535. */
    public void writeUint16(int value) {
        if (value < 0 || value > 0xFFFF) {
            throw new ProtocolException(value + " is no 16 bit unsigned number");
        }
        room(2).putShort((short) value);
    }

    public void writeInt32(int value) {
        room(4).putInt(value);
    }

    public void writeInt64(long value) {
        room(8).putLong(value);
    }

    public void writeFloat64(double value) {
        room(8).putDouble(value);
    }

    public void writeUuid(UUID value) {
        room(16).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    }

    /** Writes an unsigned number; never a negative one. */
    public void writeUnsignedVarint(int value) {
        ByteBuffer target = room(5);
        int rest = value;
        while (rest > 0x7F) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    public void writeString(String value) {
        if (isShortAscii(value)) {
            writeInt16((short) value.length());
            writeAscii(value);
            return;
        }
        byte[] utf8 = utf8(value);
        writeInt16((short) utf8.length);
        room(utf8.length).put(utf8);
    }

    public void writeNullableString(@Nullable String value) {
        if (value == null) {
            writeInt16((short) -1);
        } else {
            writeString(value);
        }
    }

    public void writeCompactString(String value) {
        if (isShortAscii(value)) {
            writeUnsignedVarint(value.length() + 1);
            writeAscii(value);
            return;
        }
        byte[] utf8 = utf8(value);
        writeUnsignedVarint(utf8.length + 1);
        room(utf8.length).put(utf8);
    }

    public void writeCompactNullableString(@Nullable String value) {
        if (value == null) {
            writeUnsignedVarint(0);
        } else {
            writeCompactString(value);
        }
    }

    public void writeBytes(byte[] value) {
        writeInt32(value.length);
        room(value.length).put(value);
    }

    public void writeNullableBytes(byte @Nullable [] value) {
        if (value == null) {
            writeInt32(-1);
        } else {
            writeBytes(value);
        }
    }

    public void writeCompactBytes(byte[] value) {
        writeUnsignedVarint(value.length + 1);
        room(value.length).put(value);
    }

    public void writeCompactNullableBytes(byte @Nullable [] value) {
        if (value == null) {
            writeUnsignedVarint(0);
        } else {
            writeCompactBytes(value);
        }
    }

    /** Writes the length of the records and remembers them as a splice. */
    public void writeRecords(@Nullable Records records) {
        if (records == null) {
            writeInt32(-1);
        } else {
            writeInt32(records.sizeInBytes());
            splice(records);
        }
    }

    /** Like {@link #writeRecords}, with a compact length. */
    public void writeCompactRecords(@Nullable Records records) {
        if (records == null) {
            writeUnsignedVarint(0);
        } else {
            writeUnsignedVarint(records.sizeInBytes() + 1);
            splice(records);
        }
    }

    /** Writes the number of elements of an array, -1 for null. */
    public void writeArrayLength(int length) {
        writeInt32(length);
    }

    /** Like {@link #writeArrayLength}, with a compact count. */
    public void writeCompactArrayLength(int length) {
        writeUnsignedVarint(length + 1);
    }

    /** Begins a tagged field; returns what {@link #endTag} wants to know. */
    public int beginTag(int tag) {
        writeUnsignedVarint(tag);
        writeInt8((byte) 0);
        return buffer.position();
    }

    /** Ends a tagged field: fills in its size, which almost always fits in the one byte kept for it. */
    public void endTag(int start) {
        int size = buffer.position() - start;
        if (size > 0x7F) {
            int sizeBytes = (31 - Integer.numberOfLeadingZeros(size)) / 7 + 1;
            room(sizeBytes - 1);
            System.arraycopy(buffer.array(), start, buffer.array(), start + sizeBytes - 1, size);
        }
        buffer.position(start - 1);
        writeUnsignedVarint(size);
        buffer.position(buffer.position() + size);
    }

    private void splice(Records records) {
        if (records.sizeInBytes() > 0) {
            splices.add(new Splice(buffer.position(), records));
            spliced += records.sizeInBytes();
        }
    }

    private static boolean isShortAscii(String value) {
        int length = value.length();
        if (length > LONGEST_UNCOPIED_STRING) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (value.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    private void writeAscii(String value) {
        ByteBuffer target = room(value.length());
        for (int i = 0; i < value.length(); i++) {
            target.put((byte) value.charAt(i));
        }
    }

    private static byte[] utf8(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > LONGEST_STRING) {
            throw new ProtocolException("string of " + utf8.length + " bytes");
        }
        return utf8;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int wanted = Math.addExact(buffer.position(), bytes);
            int doubled = (int) Math.min(2L * buffer.capacity(), Integer.MAX_VALUE - 8);
            buffer = ByteBuffer.allocate(Math.max(wanted, doubled)).put(buffer.flip());
        }
        return buffer;
    }
}
