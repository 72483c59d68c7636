package io.milena.log.batch;

import io.milena.log.InvalidRecordException;
import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.compress.BlockBuffers;
import io.milena.log.compress.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Decides whether the bytes a producer sent may enter a log, with the errors Kafka gives (docs/decisions/002). One walk
 * over the record headers, none of which become objects; compressed records are walked as a stream. Stamps what the
 * broker owns: timestamps of the topic's type and the true maximum. Has no state; any thread.
 */
public final class BatchValidator {
    /** Plain bytes a compressed batch may hold, unless {@code max.message.bytes} is large enough to allow more. */
    public static final long MAX_UNCOMPRESSED_BYTES = 256L << 20;

    private static final int MAX_UNCOMPRESSED_RATIO = 16;

    private BatchValidator() {}

    /**
     * Validates exactly one batch, which fills the buffer from position to limit. Its bytes may be changed in place;
     * the buffer's position is not.
     *
     * @param nowMs the broker's time
     * @throws InvalidRecordException if single records are to blame
     * @throws LogException {@code INVALID_RECORD}, {@code CORRUPT_MESSAGE}, {@code MESSAGE_TOO_LARGE}, {@code
     *     INVALID_TIMESTAMP} or {@code UNSUPPORTED_COMPRESSION_TYPE}
     */
    public static ValidatedBatch validate(ByteBuffer records, BatchRules rules, long nowMs) {
        return validate(records, rules, nowMs, new BlockBuffers());
    }

    /** The same with memory that others used before, for what is compressed. */
    public static ValidatedBatch validate(ByteBuffer records, BatchRules rules, long nowMs, BlockBuffers buffers) {
        RecordBatch batch = onlyBatch(records);
        if (rules.origin() == AppendOrigin.REPLICA) {
            checkUndamaged(batch);
            return new ValidatedBatch(batch, RecordBatch.NO_TIMESTAMP);
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
        RecordRules walk = new RecordRules(batch, rules, nowMs);
        if (source == Compression.NONE) {
            walk.check(RecordHeaderScan.over(batch));
        } else {
            walkCompressed(batch, walk, rules, buffers);
        }
        return stamp(recompress(batch, source, rules), walk.maxTimestamp(), rules, nowMs);
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

    private static void checkUndamaged(RecordBatch batch) {
        if (!batch.checksumMatches()) {
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

    private static void walkCompressed(RecordBatch batch, RecordRules walk, BatchRules rules, BlockBuffers buffers) {
        long limit = Math.max(MAX_UNCOMPRESSED_BYTES, (long) rules.maxMessageBytes() * MAX_UNCOMPRESSED_RATIO);
        try (RecordStreamScan scan =
                new RecordStreamScan(batch.compression().reading(batch.payload(), buffers), limit, buffers)) {
            walk.check(scan);
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

    private static ValidatedBatch stamp(RecordBatch batch, long maxTimestamp, BatchRules rules, long nowMs) {
        if (rules.timestampType() == TimestampType.LOG_APPEND_TIME) {
            batch.stampAppendTime(nowMs);
            return new ValidatedBatch(batch, nowMs);
        }
        if (batch.maxTimestamp() != maxTimestamp || batch.timestampType() != TimestampType.CREATE_TIME) {
            batch.stampCreateTime(maxTimestamp);
        }
        return new ValidatedBatch(batch, RecordBatch.NO_TIMESTAMP);
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
