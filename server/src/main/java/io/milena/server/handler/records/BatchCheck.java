package io.milena.server.handler.records;

import io.milena.log.batch.RecordBatch;
import io.milena.log.compress.Compression;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.wire.Records;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.RequestContext;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What can be said about a batch without looking at its partition: whether this client may send it in this request. */
final class BatchCheck {
    /** The client id of Kafka's admin tools, which may write to internal topics. */
    private static final String ADMIN_CLIENT_ID = "__admin_client";

    private static final int FIRST_VERSION_WITH_ZSTD = 7;

    private static final int CODEC_BITS = 0x07;

    private final ProduceRequest request;
    private final RequestContext context;

    BatchCheck(ProduceRequest request, RequestContext context) {
        this.request = request;
        this.context = context;
    }

    ErrorCode check(String topic, @Nullable Records records) {
        if (records == null || records.sizeInBytes() == 0) {
            return ErrorCode.INVALID_RECORD;
        }
        if (!Acks.isValid(request.acks())) {
            return ErrorCode.INVALID_REQUIRED_ACKS;
        }
        if (TopicImage.isInternal(topic) && !ADMIN_CLIENT_ID.equals(context.clientId())) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        ByteBuffer bytes = records.buffer();
        if (bytes.remaining() < RecordBatch.BATCH_OVERHEAD) {
            return ErrorCode.NONE; // the log says what is wrong with it
        }
        RecordBatch batch = RecordBatch.at(bytes, bytes.position());
        if (batch.magic() != RecordBatch.MAGIC) {
            return ErrorCode.NONE;
        }
        if (batch.isTransactional()) {
            return transactional();
        }
        boolean zstd = (batch.attributes() & CODEC_BITS) == Compression.ZSTD.id();
        return zstd && context.apiVersion() < FIRST_VERSION_WITH_ZSTD
                ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
                : ErrorCode.NONE;
    }

    /** No transaction can be under way, so the producer id belongs to no transactional id; what Kafka's coordinator says then. */
    private ErrorCode transactional() {
        return request.transactionalId() == null
                ? ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                : ErrorCode.INVALID_PRODUCER_ID_MAPPING;
    }
}
