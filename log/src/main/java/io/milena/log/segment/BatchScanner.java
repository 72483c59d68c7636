package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks the batches of a file between two positions through one buffer of fixed size, whatever the batches' sizes. Stops
 * at the end, or at the first bytes that cannot be a whole batch. Belongs to the thread that uses it.
 */
public final class BatchScanner {
    private static final int CHECKSUM_FROM = 21;

    private final FileChannel channel;
    private final long to;
    private final ByteBuffer buffer;
    // The buffer holds the file's bytes from here on, up to its limit.
    private long bufferedFrom;
    private long position;
    private long end;
    private @Nullable RecordBatch batch;

    /**
     * A walk that starts before the first batch.
     *
     * @param from position of a batch
     * @param to end of what may be read
     * @param buffer at least as large as a batch header; its content is overwritten
     */
    public BatchScanner(FileChannel channel, long from, long to, ByteBuffer buffer) {
        this.channel = channel;
        this.to = to;
        this.buffer = buffer.clear().limit(0);
        this.bufferedFrom = from;
        this.position = from;
        this.end = from;
    }

    /** Moves to the next batch. False at the end and at damage: {@link #end()} tells which. */
    public boolean next() throws IOException {
        batch = null;
        position = end;
        if (!fill(RecordBatch.BATCH_OVERHEAD)) {
            return false;
        }
        RecordBatch found = RecordBatch.at(buffer, (int) (position - bufferedFrom));
        int size = found.sizeInBytes();
        if (found.magic() != RecordBatch.MAGIC
                || size < RecordBatch.BATCH_OVERHEAD
                || size > to - position
                || found.lastOffsetDelta() < 0
                || found.baseOffset() < 0) {
            return false;
        }
        batch = found;
        end = position + size;
        return true;
    }

    /** The batch moved to: its header at least, all of it after a successful {@link #load()}. Valid until the next move. */
    public RecordBatch batch() {
        if (batch == null) {
            throw new IllegalStateException("No batch at " + position);
        }
        return batch;
    }

    /** Where the batch moved to starts. */
    public long position() {
        return position;
    }

    /** Where the batches seen so far end. */
    public long end() {
        return end;
    }

    /** Makes all bytes of the batch available, if the buffer can hold them. */
    public boolean load() throws IOException {
        if (end - position > buffer.capacity()) {
            return false;
        }
        boolean filled = fill((int) (end - position));
        batch = RecordBatch.at(buffer, (int) (position - bufferedFrom));
        return filled;
    }

    /** Whether the stored checksum is that of the bytes in the file. */
    public boolean checksumMatches() throws IOException {
        if (load()) {
            return batch().checksumMatches();
        }
        long expected = batch().checksum();
        CRC32C crc = new CRC32C();
        long at = position + CHECKSUM_FROM;
        while (at < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            readFully(at);
            at += buffer.remaining();
            crc.update(buffer);
        }
        buffer.limit(0);
        bufferedFrom = position;
        if (!fill(RecordBatch.BATCH_OVERHEAD)) {
            return false;
        }
        batch = RecordBatch.at(buffer, 0);
        return crc.getValue() == expected;
    }

    /** Makes a number of bytes from the position on available; false if there are not that many. */
    private boolean fill(int bytes) throws IOException {
        if (to - position < bytes) {
            return false;
        }
        long buffered = bufferedFrom + buffer.limit();
        if (position >= bufferedFrom && position + bytes <= buffered) {
            return true;
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), to - position));
        bufferedFrom = position;
        readFully(position);
        return true;
    }

    private void readFully(long from) throws IOException {
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, from + buffer.position());
            if (count < 0) {
                throw new IOException("File ends at " + (from + buffer.position()) + ", expected " + to);
            }
        }
        buffer.flip();
    }
}
