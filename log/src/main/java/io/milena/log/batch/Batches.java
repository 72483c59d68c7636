package io.milena.log.batch;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Walks the batches that lie one behind the other in a buffer, from its position to its limit, which it leaves alone.
 * Checks sizes and format, not checksums. Ends in an exception at the first bytes that cannot be a batch, a batch that
 * is cut short by the limit included; {@link #position()} is then where the sound ones end.
 */
public final class Batches implements Iterator<RecordBatch> {
    private final ByteBuffer buffer;
    private final int limit;
    private int position;

    private Batches(ByteBuffer buffer, int position, int limit) {
        this.buffer = buffer;
        this.position = position;
        this.limit = limit;
    }

    /** The batches between the buffer's position and limit. */
    public static Batches in(ByteBuffer buffer) {
        return new Batches(buffer, buffer.position(), buffer.limit());
    }

    /** The batches between two absolute positions of the buffer. */
    public static Batches in(ByteBuffer buffer, int from, int to) {
        if (from < 0 || to < from || to > buffer.limit()) {
            throw new IndexOutOfBoundsException("from=" + from + " to=" + to + " limit=" + buffer.limit());
        }
        return new Batches(buffer, from, to);
    }

    /** Absolute position at which the next batch starts: everything before it was sound. */
    public int position() {
        return position;
    }

    @Override
    public boolean hasNext() {
        return position < limit;
    }

    /**
     * The next batch, complete within the bounds.
     *
     * @throws CorruptBatchException if the bytes at {@link #position()} are not a batch of format 2
     */
    @Override
    public RecordBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int remaining = limit - position;
        if (remaining < RecordBatch.MAGIC_END) {
            throw new CorruptBatchException(position, "Batch header cut short");
        }
        byte magic = buffer.get(position + RecordBatch.MAGIC_AT);
        if (magic != RecordBatch.MAGIC) {
            throw new CorruptBatchException(position, "Record format " + magic + " instead of 2");
        }
        int length = buffer.getInt(position + RecordBatch.BATCH_LENGTH);
        if (length < RecordBatch.BATCH_OVERHEAD - RecordBatch.LOG_OVERHEAD
                || length > remaining - RecordBatch.LOG_OVERHEAD) {
            throw new CorruptBatchException(
                    position, "Batch length " + length + " does not fit " + remaining + " remaining bytes");
        }
        RecordBatch batch = RecordBatch.at(buffer, position);
        position += RecordBatch.LOG_OVERHEAD + length;
        return batch;
    }
}
