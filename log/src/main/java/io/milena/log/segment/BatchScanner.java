package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks the batches of a file between two positions through one buffer of fixed size, whatever the batches' sizes. Stops
 * at the end, or at the first bytes that cannot be a whole batch, unless it is to step over them. Belongs to the thread
 * that uses it.
 */
public final class BatchScanner {
    private static final int CHECKSUM_FROM = 21;

    /** Read at first: most walks only want to know one header. */
    private static final int FIRST_READ_BYTES = 256;

    private static final long NOTHING_EXPECTED = -1;

    private final FileChannel channel;
    private final long to;
    private final ByteBuffer buffer;
    // The buffer holds the file's bytes from here on, up to its limit.
    private long bufferedFrom;
    private long position;
    private long end;
    private @Nullable RecordBatch batch;
    // Only if damage is stepped over: offsets lie between these, the first one grows with each batch.
    private boolean steps;
    private long nextOffset;
    private long endOffset;
    private long damagedFrom = -1;
    private long damagedOffset = -1;
    private long expectedLastOffset = NOTHING_EXPECTED;
    private int readBytes = FIRST_READ_BYTES;

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

    /**
     * Lets the walk step over damage: bytes that are no batch, and batches out of the order of offsets, which no checksum
     * covers. It goes on with the next batch whose offsets fit and whose checksum is right.
     *
     * @param fromOffset lowest offset of a batch
     * @param toOffset all offsets are below it
     */
    BatchScanner steppingOverDamage(long fromOffset, long toOffset) {
        steps = true;
        nextOffset = fromOffset;
        endOffset = toOffset;
        return this;
    }

    /** What an index says of the first batch: if it has that last offset, it is believed without a look at the next one. */
    BatchScanner expecting(long lastOffset) {
        expectedLastOffset = lastOffset;
        return this;
    }

    /** Moves to the next batch. False at the end and at damage: {@link #end()} tells which. */
    public boolean next() throws IOException {
        damagedFrom = -1;
        long before = end > position ? position : -1;
        position = end;
        if (!steps) {
            return parse();
        }
        if (parse() && batch().baseOffset() >= nextOffset && batch().lastOffset() < endOffset && !isContradicted()) {
            nextOffset = batch().nextOffset();
            return true;
        }
        return stepOver(before);
    }

    /**
     * Whether a batch reaches beyond the start of the next one: then it is its own offsets that are wrong. Only one that
     * leaves a gap before or in itself can have wrong ones, or was compacted.
     */
    private boolean isContradicted() throws IOException {
        boolean dense = batch().baseOffset() == nextOffset && batch().recordCount() == batch().lastOffsetDelta() + 1;
        boolean isExpected = batch().lastOffset() == expectedLastOffset;
        expectedLastOffset = NOTHING_EXPECTED;
        if (dense || isExpected || to - end < RecordBatch.BATCH_OVERHEAD) {
            return false;
        }
        RecordBatch following;
        if (end + RecordBatch.BATCH_OVERHEAD <= bufferedFrom + buffer.limit()) {
            following = RecordBatch.at(buffer, (int) (end - bufferedFrom));
        } else {
            ByteBuffer header = ByteBuffer.allocate(RecordBatch.BATCH_OVERHEAD);
            readFully(channel, header, end);
            following = RecordBatch.at(header, 0);
        }
        return following.magic() == RecordBatch.MAGIC
                && following.baseOffset() >= nextOffset
                && following.baseOffset() < batch().nextOffset();
    }

    private boolean stepOver(long before) throws IOException {
        batch = null;
        end = position;
        if (position >= to) {
            return false;
        }
        SoundBatches batches = new SoundBatches(channel, to);
        // A batch before it that is damaged, too, may have told a wrong length.
        boolean lengthIsWrong = before >= 0 && !batches.isSound(before, 0, Long.MAX_VALUE);
        long sound = batches.next((lengthIsWrong ? before : position) + 1, nextOffset, endOffset);
        if (sound < 0) {
            return false;
        }
        damagedFrom = Math.min(position, sound);
        damagedOffset = nextOffset;
        position = sound;
        parse();
        nextOffset = batch().nextOffset();
        return true;
    }

    /** Where the damage begins that lies before the batch moved to, or -1 if there is none. */
    long damagedFrom() {
        return damagedFrom;
    }

    /** The first offset that may have been lost there. */
    long damagedOffset() {
        return damagedOffset;
    }

    /** Offset behind the batches seen so far; only if damage is stepped over. */
    long nextOffset() {
        return nextOffset;
    }

    private boolean parse() throws IOException {
        batch = null;
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
        readBytes = size < buffer.capacity() ? buffer.capacity() : RecordBatch.BATCH_OVERHEAD;
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
        int wanted = Math.min(buffer.capacity(), Math.max(bytes, readBytes));
        buffer.clear().limit((int) Math.min(wanted, to - position));
        bufferedFrom = position;
        readFully(position);
        return true;
    }

    private void readFully(long from) throws IOException {
        readFully(channel, buffer, from);
    }

    /** Fills a buffer that is empty up to its limit, and makes it ready to be read. */
    static void readFully(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("File ends at " + (from + buffer.position()) + " while it is read");
            }
        }
        buffer.flip();
    }
}
