package io.milena.log.batch;

import io.milena.log.InvalidRecordException;
import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.compress.BlockBuffers;
import io.milena.log.compress.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Decides whether the bytes a producer sent may enter a log, with the errors Kafka gives (docs/decisions/002). One walk
 * over the record headers, none of which become objects; compressed records are walked as a stream. Stamps what the
 * broker owns: timestamps of the topic's type and the true maximum. Used for one batch after the other, by one thread at a time.
 */
public final class BatchValidator {
    /** Plain bytes a compressed batch may hold, unless {@code max.message.bytes} is large enough to allow more. */
    public static final long MAX_UNCOMPRESSED_BYTES = 256L << 20;

    private static final int MAX_UNCOMPRESSED_RATIO = 16;

    private final BlockBuffers buffers;
    private final CRC32C crc = new CRC32C();
    private final RecordHeaderScan plainRecords = new RecordHeaderScan();
    private long appendTimeMs = RecordBatch.NO_TIMESTAMP;

    /** @param buffers memory that others used before, for what is compressed */
    public BatchValidator(BlockBuffers buffers) {
        this.buffers = buffers;
    }

    /**
     * Validates exactly one batch, which fills the buffer from position to limit. Its bytes may be changed in place;
     * the buffer's position is not.
     *
     * @param nowMs the broker's time
     * @return the batch to store, which may enter the log once {@link RecordBatch#assign} gave it its place: the bytes received, stamped
     *     in place, or new ones in the topic's codec
     * @throws InvalidRecordException if single records are to blame
     * @throws LogException {@code INVALID_RECORD}, {@code CORRUPT_MESSAGE}, {@code MESSAGE_TOO_LARGE}, {@code
     *     INVALID_TIMESTAMP} or {@code UNSUPPORTED_COMPRESSION_TYPE}
     */
    public RecordBatch validate(ByteBuffer records, BatchRules rules, long nowMs) {
        appendTimeMs = RecordBatch.NO_TIMESTAMP;
        RecordBatch batch = onlyBatch(records);
        if (rules.origin() == AppendOrigin.REPLICA) {
            checkUndamaged(batch);
            return batch;
        }
        if (rules.origin() == AppendOrigin.CLIENT && batch.baseOffset() != 0) {
            throw invalid("Base offset of a new batch is " + batch.baseOffset() + " instead of 0");
        }
        if (batch.sizeInBytes() > rules.maxMessageBytes()) {
            throw tooLarge(batch.sizeInBytes(), rules);
        }
        checkUndamaged(batch);
        Compression source = checkCompression(batch, rules);
        checkCounts(batch);
        if (rules.origin() == AppendOrigin.CLIENT) {
            checkProducerFields(batch);
        }
        long maxTimestamp =
                source == Compression.NONE ? walkPlain(batch, rules, nowMs) : walkCompressed(batch, rules, nowMs);
        RecordBatch stored = recompress(batch, source, rules);
        stamp(stored, maxTimestamp, rules, nowMs);
        return stored;
    }

    /** The timestamp that all records of the batch validated last got, or -1 where the producer's count. */
    public long appendTimeMs() {
        return appendTimeMs;
    }

    private static RecordBatch onlyBatch(ByteBuffer records) {
        int size = records.remaining();
        if (size < RecordBatch.MAGIC_END) {
            throw invalid("No record batch in " + size + " bytes");
        }
        int magic = records.get(records.position() + RecordBatch.MAGIC_AT);
        if (magic < 0 || magic > RecordBatch.MAGIC) {
            throw new LogException(LogError.CORRUPT_MESSAGE, "Unknown record format " + magic);
        }
        if (magic < RecordBatch.MAGIC) {
            throw invalid("Record format " + magic + " instead of 2");
        }
        int length = records.getInt(records.position() + RecordBatch.BATCH_LENGTH);
        if (length < RecordBatch.BATCH_OVERHEAD - RecordBatch.LOG_OVERHEAD) {
            throw new LogException(LogError.CORRUPT_MESSAGE, "Batch length " + length + " is less than a header");
        }
        if (length > size - RecordBatch.LOG_OVERHEAD) {
            throw invalid("Batch length " + length + " in " + size + " bytes");
        }
        if (length < size - RecordBatch.LOG_OVERHEAD) {
            throw invalid("More than one record batch");
        }
        return RecordBatch.at(records, records.position());
    }

    private void checkUndamaged(RecordBatch batch) {
        if (!batch.checksumMatches(crc)) {
            throw new LogException(LogError.CORRUPT_MESSAGE, "Stored checksum " + batch.checksum() + " does not match");
        }
    }

    private static Compression checkCompression(RecordBatch batch, BatchRules rules) {
        Compression source = batch.compression();
        if (source == Compression.ZSTD && !rules.zstdAllowed()) {
            throw new LogException(
                    LogError.UNSUPPORTED_COMPRESSION_TYPE, "This version of the request must not use zstd");
        }
        return source;
    }

    private static void checkCounts(RecordBatch batch) {
        int count = batch.recordCount();
        if (count <= 0 || batch.lastOffsetDelta() != count - 1) {
            throw invalid("Record count " + count + " and last offset delta " + batch.lastOffsetDelta() + " disagree");
        }
    }

    private static void checkProducerFields(RecordBatch batch) {
        if (batch.isControl()) {
            throw invalid("Clients must not write control batches");
        }
        boolean incomplete = batch.baseSequence() < 0 || batch.producerEpoch() < 0;
        if (batch.producerId() < RecordBatch.NO_PRODUCER_ID || (batch.hasProducer() && incomplete)) {
            throw invalid("Producer " + batch.producerId() + " with sequence " + batch.baseSequence() + " and epoch "
                    + batch.producerEpoch());
        }
    }

    private long walkPlain(RecordBatch batch, BatchRules rules, long nowMs) {
        try {
            return RecordRules.check(plainRecords.begin(batch), batch, rules, nowMs);
        } finally {
            plainRecords.end();
        }
    }

    private long walkCompressed(RecordBatch batch, BatchRules rules, long nowMs) {
        long limit = Math.max(MAX_UNCOMPRESSED_BYTES, (long) rules.maxMessageBytes() * MAX_UNCOMPRESSED_RATIO);
        try (RecordStreamScan scan =
                new RecordStreamScan(batch.compression().reading(batch.payload(), buffers), limit, buffers)) {
            return RecordRules.check(scan, batch, rules, nowMs);
        } catch (IOException e) {
            throw RecordIterator.unreadable(e);
        }
    }

    private static RecordBatch recompress(RecordBatch batch, Compression source, BatchRules rules) {
        TargetCompression target = rules.compression();
        // coordinators write markers uncompressed, and they stay so
        if (target.keeps(source) || (batch.isControl() && source == Compression.NONE)) {
            return batch;
        }
        Compression codec = target.codec().orElseThrow();
        return Recompression.of(batch, codec, target.level(), rules.maxMessageBytes());
    }

    private void stamp(RecordBatch batch, long maxTimestamp, BatchRules rules, long nowMs) {
        if (rules.timestampType() == TimestampType.LOG_APPEND_TIME) {
            batch.stampAppendTime(nowMs);
            appendTimeMs = nowMs;
        } else if (batch.maxTimestamp() != maxTimestamp || batch.timestampType() != TimestampType.CREATE_TIME) {
            batch.stampCreateTime(maxTimestamp);
        }
    }

    private static LogException invalid(String message) {
        return new LogException(LogError.INVALID_RECORD, message);
    }

    private static LogException tooLarge(int size, BatchRules rules) {
        return new LogException(
                LogError.MESSAGE_TOO_LARGE,
                "Batch of " + size + " bytes is larger than the allowed " + rules.maxMessageBytes());
    }
}
