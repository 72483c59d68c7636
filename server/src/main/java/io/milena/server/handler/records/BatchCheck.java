package io.milena.server.handler.records;

import io.milena.log.batch.RecordBatch;
import io.milena.log.compress.Compression;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceRequest;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.transaction.PartitionClaim;
import io.milena.server.coordinator.transaction.PartitionVerification;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TransactionGate;
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
    private final PartitionVerification verification;
    private PartitionVerification.@Nullable ForRecords questions;
    private ErrorCode wholeRequest = ErrorCode.NONE;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;

    BatchCheck(ProduceRequest request, RequestContext context, PartitionVerification verification) {
        this.request = request;
        this.context = context;
        this.verification = verification;
    }

    ErrorCode check(String topic, @Nullable ByteBuffer bytes) {
        if (bytes == null || !bytes.hasRemaining()) {
            return ErrorCode.INVALID_RECORD;
        }
        if (!Acks.isValid(request.acks())) {
            return ErrorCode.INVALID_REQUIRED_ACKS;
        }
        if (TopicImage.isInternal(topic) && !ADMIN_CLIENT_ID.equals(context.clientId())) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        if (bytes.remaining() < RecordBatch.BATCH_OVERHEAD) {
            return ErrorCode.NONE; // the log says what is wrong with it
        }
        RecordBatch batch = RecordBatch.at(bytes, bytes.position());
        if (batch.magic() != RecordBatch.MAGIC) {
            return ErrorCode.NONE;
        }
        if (batch.isTransactional() && batch.hasProducer()) {
            ErrorCode error = transactional(batch);
            if (error != ErrorCode.NONE) {
                return error;
            }
        }
        boolean zstd = (batch.attributes() & CODEC_BITS) == Compression.ZSTD.id();
        return zstd && context.apiVersion() < FIRST_VERSION_WITH_ZSTD
                ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
                : ErrorCode.NONE;
    }

    /** What the batch says of its transaction concerns all batches of the request. */
    private ErrorCode transactional(RecordBatch batch) {
        if (request.transactionalId() == null) {
            wholeRequest = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        } else if (producerId == RecordBatch.NO_PRODUCER_ID) {
            producerId = batch.producerId();
            producerEpoch = batch.producerEpoch();
        } else if (producerId != batch.producerId() || producerEpoch != batch.producerEpoch()) {
            wholeRequest = ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        return wholeRequest;
    }

    /** NONE, or why no batch of the request may be appended. After all have been checked. */
    ErrorCode wholeRequest() {
        return wholeRequest;
    }

    /** What to ask about the transaction of a batch that was checked, null if nothing. */
    TransactionGate.@Nullable Question question(Partition partition, ByteBuffer bytes) {
        String transactionalId = request.transactionalId();
        if (transactionalId == null || bytes.remaining() < RecordBatch.BATCH_OVERHEAD) {
            return null;
        }
        RecordBatch batch = RecordBatch.at(bytes, bytes.position());
        if (batch.magic() != RecordBatch.MAGIC || !batch.isTransactional() || !batch.hasProducer()) {
            return null;
        }
        if (questions == null) {
            questions = verification.forRecords(transactionalId, PartitionClaim.ofProduce(context.apiVersion()));
        }
        return questions.question(new TopicPartition(partition.topic(), partition.index()));
    }
}
