package io.milena.log.batch;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.compress.BlockBuffers;
import java.io.IOException;
import java.io.InputStream;

/**
 * Walks records that come out of a decompressor, through one small chunk of memory whatever their size; see {@link
 * RecordScan} for their layout. Gives up beyond a number of plain bytes, so that a small batch cannot keep a thread busy
 * for long. Owned by one thread.
 */
final class RecordStreamScan implements RecordScan, AutoCloseable {
    private final InputStream stream;
    private final long maxBytes;
    private final BlockBuffers buffers;
    private final byte[] chunk;
    private boolean closed;
    /** Plain bytes before the chunk. */
    private long chunkStart;

    private int position;
    private int limit;

    private int offsetDelta;
    private long timestampDelta;
    private int keySize;

    /** @param buffers lend it the chunk until it is closed */
    RecordStreamScan(InputStream stream, long maxBytes, BlockBuffers buffers) {
        this.stream = stream;
        this.maxBytes = maxBytes;
        this.buffers = buffers;
        this.chunk = buffers.take();
    }

    @Override
    public boolean advance() {
        if (position == limit && !fill()) {
            return false;
        }
        int size = readVarint();
        if (size < 0) {
            throw RecordScan.malformed("size " + size);
        }
        long end = bytesRead() + size;
        skip(1);
        timestampDelta = readVarlong();
        offsetDelta = readVarint();
        keySize = readVarint();
        skip(keySize);
        skip(readVarint());
        int headerCount = readVarint();
        if (headerCount < 0 || headerCount > end - bytesRead()) {
            throw RecordScan.malformed("header count " + headerCount);
        }
        for (int i = 0; i < headerCount; i++) {
            int headerKeySize = readVarint();
            if (headerKeySize < 0) {
                throw RecordScan.malformed("header without a key");
            }
            skip(headerKeySize);
            skip(readVarint());
        }
        if (bytesRead() != end) {
            throw RecordScan.malformed("size " + size + " is wrong by " + (bytesRead() - end));
        }
        return true;
    }

    private long bytesRead() {
        return chunkStart + position;
    }

    /** Reads on when the chunk is used up; false at the end of the stream. */
    private boolean fill() {
        chunkStart += limit;
        position = 0;
        limit = 0;
        if (chunkStart > maxBytes) {
            throw new LogException(
                    LogError.MESSAGE_TOO_LARGE, "Compressed records hold more than " + maxBytes + " bytes");
        }
        try {
            limit = Math.max(0, stream.read(chunk, 0, chunk.length));
        } catch (IOException e) {
            throw RecordIterator.unreadable(e);
        }
        return limit > 0;
    }

    private byte readByte() {
        if (position == limit && !fill()) {
            throw RecordScan.malformed("cut short");
        }
        return chunk[position++];
    }

    private void skip(int bytes) {
        int rest = bytes;
        while (rest > limit - position) {
            rest -= limit - position;
            position = limit;
            if (!fill()) {
                throw RecordScan.malformed("cut short by " + rest + " bytes");
            }
        }
        if (rest > 0) {
            position += rest;
        }
    }

    private int readVarint() {
        int raw = 0;
        int shift = 0;
        byte next;
        do {
            if (shift > 28) {
                throw RecordScan.malformed("number longer than 5 bytes");
            }
            next = readByte();
            raw |= (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
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

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            buffers.giveBack(chunk);
        }
        try {
            stream.close();
        } catch (IOException e) {
            throw RecordIterator.unreadable(e);
        }
    }
}
