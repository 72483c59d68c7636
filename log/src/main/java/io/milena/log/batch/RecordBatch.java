package io.milena.log.batch;

import io.milena.log.compress.Compression;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A view of one record batch (magic 2) that starts at a position of a buffer. Reads and stamps the bytes in place and
 * leaves the buffer's own position and limit as they were. All numbers are big-endian, so the buffer's order must be, too.
 *
 * <pre>
 *   0        8        12     16 17    21   23      27       35       43       51     53     57     61
 *   | base   | batch  | ldr  |m | crc | at | last  | base   | max    | prod.  | prod.| base | rec. | records
 *   | offset | length | epoch|2 |     | tr | delta | tstamp | tstamp | id     | epoch| seq. | count| ...
 *   |&lt;-- LOG_OVERHEAD->|                   |&lt;---------------------------- under the CRC ---------------------...
 *                     |&lt;------------------------- counted by batch length ---------------------------------...
 *
 *   attributes:  bit 0-2 codec | 3 timestamp type | 4 transactional | 5 control | 6 base timestamp is delete horizon
 * </pre>
 *
 * A view of the header alone is legal (61 bytes, of a file for example); whatever reads beyond it needs
 * {@link #isComplete()}. Owned by the thread that owns the buffer.
 */
public final class RecordBatch {
    /** Bytes before those that the batch length counts: base offset and batch length. */
    public static final int LOG_OVERHEAD = 12;
    /** Bytes of the header, before the first record. */
    public static final int BATCH_OVERHEAD = 61;
    /** The only record format this log stores. */
    public static final byte MAGIC = 2;
    /** Bytes needed to know the size and the format of what starts at a position. */
    public static final int MAGIC_END = 17;

    /** A producer id that means none. */
    public static final long NO_PRODUCER_ID = -1;
    /** A producer epoch that means none. */
    public static final short NO_PRODUCER_EPOCH = -1;
    /** A sequence number that means none. */
    public static final int NO_SEQUENCE = -1;
    /** A timestamp that means none. */
    public static final long NO_TIMESTAMP = -1;
    /** A leader epoch that means none. */
    public static final int NO_LEADER_EPOCH = -1;

    static final int BASE_OFFSET = 0;
    static final int BATCH_LENGTH = 8;
    static final int LEADER_EPOCH = 12;
    static final int MAGIC_AT = 16;
    static final int CRC = 17;
    static final int ATTRIBUTES = 21;
    static final int LAST_OFFSET_DELTA = 23;
    static final int BASE_TIMESTAMP = 27;
    static final int MAX_TIMESTAMP = 35;
    static final int PRODUCER_ID = 43;
    static final int PRODUCER_EPOCH = 51;
    static final int BASE_SEQUENCE = 53;
    static final int RECORD_COUNT = 57;

    static final int CODEC_MASK = 0x07;
    static final int APPEND_TIME_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    private final ByteBuffer buffer;
    private final int position;

    private RecordBatch(ByteBuffer buffer, int position) {
        this.buffer = buffer;
        this.position = position;
    }

    /**
     * A view of the batch at an absolute position of the buffer.
     *
     * @throws CorruptBatchException if the buffer ends within the header
     */
    public static RecordBatch at(ByteBuffer buffer, int position) {
        if (position < 0 || buffer.limit() - position < BATCH_OVERHEAD) {
            throw new CorruptBatchException(position, "Batch header cut short");
        }
        return new RecordBatch(buffer, position);
    }

    /** Offset of the first record; kept by compaction even when that record is gone. */
    public long baseOffset() {
        return buffer.getLong(position + BASE_OFFSET);
    }

    /** Size of the whole batch in bytes, as the header claims it; below 12 if the length is negative. */
    public int sizeInBytes() {
        return LOG_OVERHEAD + buffer.getInt(position + BATCH_LENGTH);
    }

    /** Whether the claimed size is possible and the buffer holds that many bytes. */
    public boolean isComplete() {
        int size = sizeInBytes();
        return size >= BATCH_OVERHEAD && size <= buffer.limit() - position;
    }

    /** Epoch of the leader that appended the batch; not under the CRC. */
    public int partitionLeaderEpoch() {
        return buffer.getInt(position + LEADER_EPOCH);
    }

    /** Format of the records. */
    public byte magic() {
        return buffer.get(position + MAGIC_AT);
    }

    /** The stored CRC-32C, unsigned. */
    public long checksum() {
        return Integer.toUnsignedLong(buffer.getInt(position + CRC));
    }

    /** The attribute bits. */
    public short attributes() {
        return buffer.getShort(position + ATTRIBUTES);
    }

    /** Codec of the records; an unknown one is refused. */
    public Compression compression() {
        return Compression.ofId(attributes() & CODEC_MASK);
    }

    /** Whose clock the timestamps come from. */
    public TimestampType timestampType() {
        return has(APPEND_TIME_BIT) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    /** Whether the records belong to a transaction. */
    public boolean isTransactional() {
        return has(TRANSACTIONAL_BIT);
    }

    /** Whether the records are markers for brokers and consumers, not data. */
    public boolean isControl() {
        return has(CONTROL_BIT);
    }

    /** Whether the base timestamp is the time from which tombstones may be removed (KIP-534). */
    public boolean hasDeleteHorizon() {
        return has(DELETE_HORIZON_BIT);
    }

    private boolean has(int bit) {
        return (attributes() & bit) != 0;
    }

    /** Distance from the base offset to the last offset of the batch. */
    public int lastOffsetDelta() {
        return buffer.getInt(position + LAST_OFFSET_DELTA);
    }

    /** Offset of the last record. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The offset after this batch. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    /** Time in ms that the records' timestamp deltas count from, or the delete horizon. */
    public long baseTimestamp() {
        return buffer.getLong(position + BASE_TIMESTAMP);
    }

    /** Largest timestamp of the batch in ms, or the append time. */
    public long maxTimestamp() {
        return buffer.getLong(position + MAX_TIMESTAMP);
    }

    /** Id of the idempotent producer, or {@link #NO_PRODUCER_ID}. */
    public long producerId() {
        return buffer.getLong(position + PRODUCER_ID);
    }

    /** Whether an idempotent producer or a transaction coordinator wrote the batch. */
    public boolean hasProducer() {
        return producerId() > NO_PRODUCER_ID;
    }

    /** Epoch of the producer, or {@link #NO_PRODUCER_EPOCH}. */
    public short producerEpoch() {
        return buffer.getShort(position + PRODUCER_EPOCH);
    }

    /** Sequence number of the first record, or {@link #NO_SEQUENCE}. */
    public int baseSequence() {
        return buffer.getInt(position + BASE_SEQUENCE);
    }

    /** Sequence number of the last record, or {@link #NO_SEQUENCE}; 2^31-1 is followed by 0. */
    public int lastSequence() {
        int baseSequence = baseSequence();
        return baseSequence == NO_SEQUENCE ? NO_SEQUENCE : sequenceAfter(baseSequence, lastOffsetDelta());
    }

    /** The sequence number that follows another one by a number of steps; 2^31-1 is followed by 0. */
    public static int sequenceAfter(int sequence, int steps) {
        return (sequence + steps) & Integer.MAX_VALUE;
    }

    /** Number of records as the header claims it. */
    public int recordCount() {
        return buffer.getInt(position + RECORD_COUNT);
    }

    /** Absolute position in the buffer at which the batch starts. */
    public int position() {
        return position;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** The records in order, decompressed as they are asked for. Needs {@link #isComplete()}; to be closed. */
    public RecordIterator records() {
        return new RecordIterator(this);
    }

    /** The bytes of the whole batch, sharing the buffer's memory. Needs {@link #isComplete()}. */
    public ByteBuffer bytes() {
        return buffer.slice(position, sizeInBytes());
    }

    /** Whether a buffer is the one that it was read from and holds nothing else, from its position to its limit. */
    @SuppressWarnings("ReferenceEquality") // the same bytes elsewhere are others
    public boolean fills(ByteBuffer bytes) {
        return bytes == buffer && bytes.position() == position && bytes.remaining() == sizeInBytes();
    }

    /** The bytes after the header, compressed or not, sharing the buffer's memory. Needs {@link #isComplete()}. */
    public ByteBuffer payload() {
        return buffer.slice(position + BATCH_OVERHEAD, sizeInBytes() - BATCH_OVERHEAD);
    }

    /** Whether the stored CRC-32C is that of the bytes after it; read without copying. Needs {@link #isComplete()}. */
    public boolean checksumMatches() {
        return (int) computeChecksum() == buffer.getInt(position + CRC);
    }

    /** The same with an object that was used before. */
    boolean checksumMatches(CRC32C used) {
        used.reset();
        return (int) computeChecksum(used) == buffer.getInt(position + CRC);
    }

    private long computeChecksum() {
        return computeChecksum(new CRC32C());
    }

    private long computeChecksum(CRC32C crc) {
        int length = sizeInBytes() - ATTRIBUTES;
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + position + ATTRIBUTES, length);
        } else {
            int at = buffer.position();
            int limit = buffer.limit();
            buffer.limit(position + ATTRIBUTES + length).position(position + ATTRIBUTES);
            crc.update(buffer);
            buffer.limit(limit).position(at);
        }
        return crc.getValue();
    }

    /** Gives the batch its place in the log. Both fields lie outside the CRC, which stays as it is. */
    public void assign(long baseOffset, int leaderEpoch) {
        buffer.putLong(position + BASE_OFFSET, baseOffset);
        buffer.putInt(position + LEADER_EPOCH, leaderEpoch);
    }

    /** Makes the broker's time the timestamp of all records, and renews the CRC. Needs {@link #isComplete()}. */
    public void stampAppendTime(long timestampMs) {
        buffer.putShort(position + ATTRIBUTES, (short) (attributes() | APPEND_TIME_BIT));
        buffer.putLong(position + MAX_TIMESTAMP, timestampMs);
        renewChecksum();
    }

    /** Makes the producer's timestamps count, sets their maximum and renews the CRC. Needs {@link #isComplete()}. */
    void stampCreateTime(long maxTimestampMs) {
        buffer.putShort(position + ATTRIBUTES, (short) (attributes() & ~APPEND_TIME_BIT));
        buffer.putLong(position + MAX_TIMESTAMP, maxTimestampMs);
        renewChecksum();
    }

    /** Writes the CRC of the bytes as they are now. */
    void renewChecksum() {
        buffer.putInt(position + CRC, (int) computeChecksum());
    }

    @Override
    public String toString() {
        return "RecordBatch[baseOffset=" + baseOffset() + " lastOffset=" + lastOffset() + " size=" + sizeInBytes()
                + " count=" + recordCount() + " leaderEpoch=" + partitionLeaderEpoch() + " producerId=" + producerId()
                + " producerEpoch=" + producerEpoch() + " baseSequence=" + baseSequence() + "]";
    }
}
