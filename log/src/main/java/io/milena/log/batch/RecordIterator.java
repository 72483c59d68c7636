package io.milena.log.batch;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.compress.Compression;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The records of one batch in order. A compressed batch is read as a stream, so that only one of its records is in
 * memory at a time; close the iterator to give the decompressor's buffers back. Malformed records end in
 * {@link LogError#INVALID_RECORD}. Owned by the thread that owns the batch.
 */
public final class RecordIterator implements Iterator<Record>, AutoCloseable {
    /** Largest record that is taken out of a compressed batch, in bytes. */
    public static final int MAX_RECORD_BYTES = 256 << 20;

    /** Memory is given to a record in steps of this size, as its bytes really arrive. */
    private static final int TRUSTED_BYTES = 1 << 20;

    private final RecordBatch batch;
    private final long baseOffset;
    private final long baseTimestamp;
    private final long appendTime;
    private final boolean appendTimed;
    private final @Nullable DataInputStream stream;
    private final @Nullable RecordHeaderScan scan;
    private int remaining;

    RecordIterator(RecordBatch batch) {
        this.batch = batch;
        this.baseOffset = batch.baseOffset();
        this.baseTimestamp = batch.baseTimestamp();
        this.appendTimed = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        this.appendTime = batch.maxTimestamp();
        this.remaining = batch.recordCount();
        boolean plain = batch.compression() == Compression.NONE;
        this.scan = plain ? RecordHeaderScan.over(batch) : null;
        this.stream = plain || remaining <= 0 ? null : new DataInputStream(open(batch));
    }

    private static InputStream open(RecordBatch batch) {
        try {
            return batch.compression().reading(batch.payload());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static LogException unreadable(IOException e) {
        return new LogException(LogError.INVALID_RECORD, "Compressed records cannot be read: " + e.getMessage(), e);
    }

    @Override
    public boolean hasNext() {
        return remaining > 0;
    }

    @Override
    public Record next() {
        if (remaining <= 0) {
            throw new NoSuchElementException();
        }
        remaining--;
        RecordHeaderScan current = scan;
        if (current == null) {
            current = RecordHeaderScan.overBody(readBody());
        } else if (!current.advance()) {
            throw RecordScan.malformed("fewer records than the " + batch.recordCount() + " of the batch header");
        }
        long timestamp = appendTimed ? appendTime : baseTimestamp + current.timestampDelta();
        return new Record(
                baseOffset + current.offsetDelta(), timestamp, current.key(), current.value(), current.headers());
    }

    private ByteBuffer readBody() {
        DataInputStream in = stream;
        if (in == null) {
            throw new IllegalStateException("closed");
        }
        try {
            int size = readVarint(in);
            if (size < 0 || size > MAX_RECORD_BYTES) {
                throw RecordScan.malformed("size " + size);
            }
            if (size > TRUSTED_BYTES) {
                byte[] arrived = in.readNBytes(size);
                if (arrived.length < size) {
                    throw RecordScan.malformed("cut short");
                }
                return ByteBuffer.wrap(arrived);
            }
            byte[] body = new byte[size];
            in.readFully(body);
            return ByteBuffer.wrap(body);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static int readVarint(DataInputStream in) throws IOException {
        int raw = 0;
        int shift = 0;
        byte next;
        do {
            if (shift > 28) {
                throw RecordScan.malformed("number longer than 5 bytes");
            }
            next = in.readByte();
            raw |= (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return (raw >>> 1) ^ -(raw & 1);
    }

    @Override
    public void close() {
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
    }
}
