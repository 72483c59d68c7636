package io.milena.log.batch;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.compress.Compression;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one record batch: settings first, then records in ascending offset order, then {@link #build()}, once. Records
 * are compressed as they come. Owned by one thread.
 */
public final class BatchBuilder {
    /** Largest batch that can be built, in bytes. */
    public static final int MAX_BATCH_BYTES = 1 << 30;

    private static final int INITIAL_BYTES = 1024;
    private static final byte NO_ATTRIBUTES = 0;

    private final GrowingBuffer batch;
    private final GrowingBuffer record = new GrowingBuffer(INITIAL_BYTES / 4, MAX_BATCH_BYTES);
    private @Nullable OutputStream compressed;

    private long baseOffset;
    private int leaderEpoch = RecordBatch.NO_LEADER_EPOCH;
    private Compression compression = Compression.NONE;
    private int level;
    private int attributes;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
    private int baseSequence = RecordBatch.NO_SEQUENCE;

    private int recordCount;
    private int lastOffsetDelta = -1;
    private long baseTimestamp = RecordBatch.NO_TIMESTAMP;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

    /** A builder of a plain batch: offset 0, no producer, no compression, create time. */
    public BatchBuilder() {
        batch = new GrowingBuffer(INITIAL_BYTES, MAX_BATCH_BYTES);
        batch.write(new byte[RecordBatch.BATCH_OVERHEAD], 0, RecordBatch.BATCH_OVERHEAD);
    }

    /** Offset of the first record, 0 unless set. */
    public BatchBuilder baseOffset(long value) {
        baseOffset = value;
        return this;
    }

    /** Epoch of the leader, none unless set. */
    public BatchBuilder leaderEpoch(int value) {
        leaderEpoch = value;
        return this;
    }

    /** Codec at its default level. */
    public BatchBuilder compression(Compression value) {
        return compression(value, value.defaultLevel());
    }

    /** Codec at a level of its own scale. */
    public BatchBuilder compression(Compression value, int levelOfCodec) {
        compression = value;
        level = levelOfCodec;
        return this;
    }

    /** The idempotent or transactional producer, none unless set. */
    public BatchBuilder producer(long id, short epoch, int sequence) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = sequence;
        return this;
    }

    /** Marks the records as part of a transaction. */
    public BatchBuilder transactional() {
        attributes |= RecordBatch.TRANSACTIONAL_BIT;
        return this;
    }

    /** Marks the records as markers. */
    public BatchBuilder control() {
        attributes |= RecordBatch.CONTROL_BIT;
        return this;
    }

    /** Makes the broker's time the timestamp of all records. */
    public BatchBuilder appendTime(long timestampMs) {
        attributes |= RecordBatch.APPEND_TIME_BIT;
        maxTimestamp = timestampMs;
        return this;
    }

    /** Stores the time from which tombstones may be removed as the base timestamp (KIP-534). Before any record. */
    public BatchBuilder deleteHorizon(long timestampMs) {
        attributes |= RecordBatch.DELETE_HORIZON_BIT;
        baseTimestamp = timestampMs;
        return this;
    }

    /** Offset the batch ends with, set behind its last record; compaction keeps it when that record is gone. */
    public BatchBuilder lastOffset(long value) {
        lastOffsetDelta = deltaOf(value);
        return this;
    }

    /** Largest timestamp of a batch without records. */
    public BatchBuilder maxTimestamp(long timestampMs) {
        maxTimestamp = timestampMs;
        return this;
    }

    /** Adds a record without headers behind the last one. */
    public BatchBuilder append(long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        return append(timestampMs, key, value, List.of());
    }

    /** Adds a record behind the last one; the buffers are read from position to limit and stay as they are. */
    public BatchBuilder append(
            long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        return append(new Record(baseOffset + lastOffsetDelta + 1, timestampMs, key, value, headers));
    }

    /** Adds a record at its own offset, which must be after the last one. */
    public BatchBuilder append(Record added) {
        int delta = deltaOf(added.offset());
        if (delta <= lastOffsetDelta) {
            throw new IllegalArgumentException("offset " + added.offset() + " is not after the last one");
        }
        if (recordCount == 0 && (attributes & RecordBatch.DELETE_HORIZON_BIT) == 0) {
            baseTimestamp = added.timestamp();
        }
        if ((attributes & RecordBatch.APPEND_TIME_BIT) == 0) {
            maxTimestamp = Math.max(maxTimestamp, added.timestamp());
        }
        encode(added, delta);
        recordCount++;
        lastOffsetDelta = delta;
        return this;
    }

    private int deltaOf(long offset) {
        return Math.toIntExact(offset - baseOffset);
    }

    private void encode(Record added, int delta) {
        record.clear();
        record.write(NO_ATTRIBUTES);
        record.writeVarlong(added.timestamp() - baseTimestamp);
        record.writeVarint(delta);
        writeNullable(added.key());
        writeNullable(added.value());
        record.writeVarint(added.headers().size());
        for (RecordHeader header : added.headers()) {
            writeNullable(ByteBuffer.wrap(header.key().getBytes(StandardCharsets.UTF_8)));
            writeNullable(header.value());
        }
        if (compression == Compression.NONE) {
            batch.writeVarint(record.size());
            batch.write(record.array(), 0, record.size());
        } else {
            compress();
        }
    }

    private void compress() {
        int size = record.size();
        record.writeVarint(size); // behind the record first, as its size is known only now
        try {
            OutputStream out = compressed;
            if (out == null) {
                out = compression.writing(batch, level);
                compressed = out;
            }
            out.write(record.array(), size, record.size() - size);
            out.write(record.array(), 0, size);
        } catch (IOException e) {
            throw cannotCompress(e);
        }
    }

    private LogException cannotCompress(IOException e) {
        return new LogException(LogError.STORAGE_ERROR, "Cannot compress with " + compression.codecName(), e);
    }

    private void writeNullable(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            record.writeVarint(-1);
        } else {
            record.writeVarint(bytes.remaining());
            record.write(bytes);
        }
    }

    /** Bytes written so far; a compressor may hold back more. */
    public int sizeInBytes() {
        return batch.size();
    }

    /** Number of records added. */
    public int recordCount() {
        return recordCount;
    }

    /** The finished batch in a heap buffer of its own. The builder must not be used any more. */
    public RecordBatch build() {
        try {
            if (compressed != null) {
                compressed.close();
            }
        } catch (IOException e) {
            throw cannotCompress(e);
        }
        ByteBuffer buffer = batch.written();
        writeHeader(buffer);
        RecordBatch built = RecordBatch.at(buffer, 0);
        built.renewChecksum();
        return built;
    }

    private void writeHeader(ByteBuffer buffer) {
        // a batch that compaction emptied has nothing compressed behind its header
        int codec = recordCount == 0 ? Compression.NONE.id() : compression.id();
        buffer.putLong(RecordBatch.BASE_OFFSET, baseOffset)
                .putInt(RecordBatch.BATCH_LENGTH, buffer.limit() - RecordBatch.LOG_OVERHEAD)
                .putInt(RecordBatch.LEADER_EPOCH, leaderEpoch)
                .put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC)
                .putShort(RecordBatch.ATTRIBUTES, (short) (attributes | codec))
                .putInt(RecordBatch.LAST_OFFSET_DELTA, Math.max(0, lastOffsetDelta))
                .putLong(RecordBatch.BASE_TIMESTAMP, baseTimestamp)
                .putLong(RecordBatch.MAX_TIMESTAMP, maxTimestamp)
                .putLong(RecordBatch.PRODUCER_ID, producerId)
                .putShort(RecordBatch.PRODUCER_EPOCH, producerEpoch)
                .putInt(RecordBatch.BASE_SEQUENCE, baseSequence)
                .putInt(RecordBatch.RECORD_COUNT, recordCount);
    }
}
