package io.milena.server.handler.records;

import io.milena.log.batch.RecordBatch;
import io.milena.log.compress.Compression;
import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.TopicImage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What can be said about a batch without looking at its partition: whether this client may send it in this request. */
final class BatchCheck {
    /** The client id of Kafka's admin tools, which may write to internal topics. */
    private static final String ADMIN_CLIENT_ID = "__admin_client";

    private static final int FIRST_VERSION_WITH_ZSTD = 7;

    private static final int CODEC_BITS = 0x07;

    private BatchCheck() {}

    /** NONE, or why the batch may not be appended to a partition of that topic. */
    static ErrorCode check(ProduceOperation operation, String topic, @Nullable ByteBuffer bytes) {
        if (bytes == null || !bytes.hasRemaining()) {
            return ErrorCode.INVALID_RECORD;
        }
        if (!Acks.isValid(operation.acks())) {
            return ErrorCode.INVALID_REQUIRED_ACKS;
        }
        if (TopicImage.isInternal(topic)
                && !ADMIN_CLIENT_ID.equals(operation.context().clientId())) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        if (bytes.remaining() < RecordBatch.BATCH_OVERHEAD) {
            return ErrorCode.NONE; // the log says what is wrong with it
        }
        if (RecordBatch.at(bytes, bytes.position()).magic() != RecordBatch.MAGIC) {
            return ErrorCode.NONE;
        }
        if (isTransactional(bytes)) {
            ErrorCode error = operation.transaction().check(RecordBatch.at(bytes, bytes.position()));
            if (error != ErrorCode.NONE) {
                return error;
            }
        }
        return isZstd(bytes) && operation.context().apiVersion() < FIRST_VERSION_WITH_ZSTD
                ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
                : ErrorCode.NONE;
    }

    /** Whether the transaction's coordinator may have to be asked about a batch that was checked. */
    static boolean isTransactional(ByteBuffer bytes) {
        if (bytes.remaining() < RecordBatch.BATCH_OVERHEAD) {
            return false;
        }
        RecordBatch batch = RecordBatch.at(bytes, bytes.position());
        return batch.magic() == RecordBatch.MAGIC && batch.isTransactional() && batch.hasProducer();
    }

    private static boolean isZstd(ByteBuffer bytes) {
        return (RecordBatch.at(bytes, bytes.position()).attributes() & CODEC_BITS) == Compression.ZSTD.id();
    }
}
