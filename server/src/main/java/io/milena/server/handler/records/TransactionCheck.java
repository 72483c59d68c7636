package io.milena.server.handler.records;

import io.milena.log.batch.RecordBatch;
import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.transaction.PartitionClaim;
import io.milena.server.coordinator.transaction.PartitionVerification;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TransactionGate;
import org.jspecify.annotations.Nullable;

/** What the batches of one produce request say of their transaction; made for the first one that belongs to any. */
final class TransactionCheck {
    private final @Nullable String transactionalId;
    private final int version;
    private final PartitionVerification verification;
    private PartitionVerification.@Nullable ForRecords questions;
    private ErrorCode wholeRequest = ErrorCode.NONE;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;

    /** @param version of the request */
    TransactionCheck(@Nullable String transactionalId, int version, PartitionVerification verification) {
        this.transactionalId = transactionalId;
        this.version = version;
        this.verification = verification;
    }

    /** What a batch says of its transaction concerns all batches of the request. */
    ErrorCode check(RecordBatch batch) {
        if (transactionalId == null) {
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

    /** What to ask before a batch of the transaction is appended to a partition, null if nothing. */
    TransactionGate.@Nullable Question question(Partition partition) {
        if (transactionalId == null) {
            return null;
        }
        if (questions == null) {
            questions = verification.forRecords(transactionalId, PartitionClaim.ofProduce(version));
        }
        return questions.question(new TopicPartition(partition.topic(), partition.index()));
    }
}
