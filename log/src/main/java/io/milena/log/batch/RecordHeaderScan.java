package io.milena.log.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks uncompressed records in a buffer without copying or allocating; see {@link RecordScan} for their layout. Does
 * not touch the buffer's position. Owned by the thread that owns the buffer.
 */
public final class RecordHeaderScan implements RecordScan {
    private static final int FEW_HEADERS = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NOTHING;
    private int limit;
    private int position;
    /** End of the record being read: no field may reach beyond it. */
    private int recordEnd;

    private int offsetDelta;
    private long timestampDelta;
    private int keySize;
    private int keyPosition;
    private int valueSize;
    private int valuePosition;
    private int headerCount;
    private int headersPosition;

    /** Nothing to walk over, until it {@link #begin begins}. */
    RecordHeaderScan() {}

    private RecordHeaderScan(ByteBuffer buffer, int from, int to) {
        this.buffer = buffer;
        this.position = from;
        this.limit = to;
    }

    /** Begins anew, with the records of a complete, uncompressed batch. */
    RecordHeaderScan begin(RecordBatch batch) {
        buffer = batch.buffer();
        position = batch.position() + RecordBatch.BATCH_OVERHEAD;
        limit = batch.position() + batch.sizeInBytes();
        return this;
    }

    /** Lets go of the bytes it walked over. */
    void end() {
        buffer = NOTHING;
        limit = position;
    }

    /** The records of a complete, uncompressed batch; its bytes after the header are taken for records. */
    public static RecordHeaderScan over(RecordBatch batch) {
        return new RecordHeaderScan().begin(batch);
    }

    /** One record that fills a buffer from position to limit, its size field left out. */
    static RecordHeaderScan overBody(ByteBuffer body) {
        RecordHeaderScan scan = new RecordHeaderScan(body, body.limit(), body.limit());
        scan.readBody(body.position(), body.limit());
        return scan;
    }

    @Override
    public boolean advance() {
        if (position >= limit) {
            return false;
        }
        recordEnd = limit;
        int size = readVarint();
        if (size < 0 || size > limit - position) {
            throw RecordScan.malformed("size " + size + " in " + (limit - position) + " remaining bytes");
        }
        readBody(position, position + size);
        return true;
    }

    private void readBody(int from, int to) {
        position = from;
        recordEnd = to;
        skip(1);
        timestampDelta = readVarlong();
        offsetDelta = readVarint();
        keySize = readVarint();
        keyPosition = position;
        skip(keySize);
        valueSize = readVarint();
        valuePosition = position;
        skip(valueSize);
        headerCount = readVarint();
        headersPosition = position;
        if (headerCount != 0) {
            skipHeaders();
        }
        if (position != recordEnd) {
            throw RecordScan.malformed((recordEnd - position) + " bytes left over");
        }
    }

    private void skipHeaders() {
        if (headerCount < 0 || headerCount > recordEnd - position) {
            throw RecordScan.malformed("header count " + headerCount);
        }
        for (int i = 0; i < headerCount; i++) {
            skip(headerKeySize());
            skip(readVarint());
        }
    }

    private int headerKeySize() {
        int size = readVarint();
        if (size < 0) {
            throw RecordScan.malformed("header without a key");
        }
        return size;
    }

    private void skip(int bytes) {
        if (bytes > recordEnd - position) {
            throw RecordScan.malformed("field of " + bytes + " bytes in " + (recordEnd - position) + " remaining");
        }
        if (bytes > 0) {
            position += bytes;
        }
    }

    private byte readByte() {
        if (position >= recordEnd) {
            throw RecordScan.malformed("cut short");
        }
        return buffer.get(position++);
    }

    private int readVarint() {
        byte first = readByte();
        int raw = first;
        if (first < 0) {
            raw = first & 0x7f;
            int shift = 7;
            byte next;
            do {
                if (shift > 28) {
                    throw RecordScan.malformed("number longer than 5 bytes");
                }
                next = readByte();
                raw |= (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
        }
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long readVarlong() {
        long raw = 0;
        int shift = 0;
        byte next;
        do {
            if (shift > 63) {
                throw RecordScan.malformed("number longer than 10 bytes");
            }
            next = readByte();
            raw |= (next & 0x7fL) << shift;
            shift += 7;
        } while (next < 0);
        return (raw >>> 1) ^ -(raw & 1);
    }

    @Override
    public int offsetDelta() {
        return offsetDelta;
    }

    @Override
    public long timestampDelta() {
        return timestampDelta;
    }

    @Override
    public int keySize() {
        return keySize;
    }

    /** Bytes of the current record's value, negative for null. */
    public int valueSize() {
        return valueSize;
    }

    /** The current record's key, sharing the buffer's memory, or null. */
    public @Nullable ByteBuffer key() {
        return slice(keyPosition, keySize);
    }

    /** The current record's value, sharing the buffer's memory, or null. */
    public @Nullable ByteBuffer value() {
        return slice(valuePosition, valueSize);
    }

    /** The current record's headers, their values sharing the buffer's memory. */
    public List<RecordHeader> headers() {
        if (headerCount == 0) {
            return List.of();
        }
        int next = position;
        position = headersPosition;
        List<RecordHeader> headers = new ArrayList<>(Math.min(headerCount, FEW_HEADERS));
        for (int i = 0; i < headerCount; i++) {
            byte[] key = new byte[headerKeySize()];
            buffer.get(position, key);
            position += key.length;
            int size = readVarint();
            headers.add(new RecordHeader(new String(key, StandardCharsets.UTF_8), slice(position, size)));
            skip(size);
        }
        position = next;
        return headers;
    }

    private @Nullable ByteBuffer slice(int from, int size) {
        return size < 0 ? null : buffer.slice(from, size);
    }
}
