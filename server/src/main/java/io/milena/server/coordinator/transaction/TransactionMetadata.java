package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ProducerIdentity;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of a transactional id: a value, with the values that may follow it. Times are in ms since 1970.
 *
 * @param producer who may write now
 * @param previousProducerId the producer id before the last change
 * @param nextProducerId the producer id after the transaction, if the epoch is used up; else -1
 * @param lastProducerEpoch the epoch that a client which missed the last answer may still name; -1 if none. Not stored.
 * @param timeoutMs how long a transaction may take
 * @param partitions written to; offsets count as their partition of {@code __consumer_offsets}
 * @param startTimestampMs when the transaction began; -1 if there was none
 * @param clientVersion see {@link TransactionVersion}
 */
public record TransactionMetadata(
        String transactionalId,
        ProducerIdentity producer,
        long previousProducerId,
        long nextProducerId,
        short lastProducerEpoch,
        int timeoutMs,
        TransactionState state,
        SortedSet<TopicPartition> partitions,
        long startTimestampMs,
        long lastUpdateTimestampMs,
        int clientVersion) {
    /** No producer id, no epoch, no time. */
    public static final int NONE = -1;

    public TransactionMetadata {
        partitions = Collections.unmodifiableSortedSet(partitions);
    }

    /** A transactional id that was never used before, with its first producer. */
    static TransactionMetadata first(String transactionalId, long producerId, int timeoutMs, long nowMs) {
        return new TransactionMetadata(
                transactionalId,
                new ProducerIdentity(producerId, (short) 0),
                producerId,
                NONE,
                (short) NONE,
                timeoutMs,
                TransactionState.EMPTY,
                new TreeSet<>(),
                NONE,
                nowMs,
                TransactionVersion.CLASSIC);
    }

    long producerId() {
        return producer.producerId();
    }

    short producerEpoch() {
        return producer.producerEpoch();
    }

    /** Whether the producer id has no epoch left for another producer; the very last one is kept for fencing. */
    static boolean isExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    boolean isEpochExhausted() {
        return isExhausted(producerEpoch());
    }

    /** Whether the client says itself when the transaction ends, however long that takes (KIP-939). */
    boolean isWithoutTimeout() {
        return timeoutMs == Integer.MAX_VALUE;
    }

    /** A new producer takes the id over. */
    TransactionMetadata takenOver(int newTimeoutMs, long nowMs) {
        return empty(
                new ProducerIdentity(producerId(), (short) (producerEpoch() + 1)), (short) NONE, newTimeoutMs, nowMs);
    }

    /**
     * The producer goes on after an error, and says which epoch it had.
     *
     * @throws CoordinatorException if another one has taken the id over
     */
    TransactionMetadata resumed(short expectedEpoch, int newTimeoutMs, long nowMs) {
        if (expectedEpoch == producerEpoch()) {
            ProducerIdentity next = new ProducerIdentity(producerId(), (short) (producerEpoch() + 1));
            return empty(next, producerEpoch(), newTimeoutMs, nowMs);
        }
        if (expectedEpoch == lastProducerEpoch) { // it did not see the answer
            return empty(producer, lastProducerEpoch, newTimeoutMs, nowMs);
        }
        throw new CoordinatorException(
                ErrorCode.PRODUCER_FENCED, "epoch " + expectedEpoch + " of " + transactionalId + " is outdated");
    }

    /** The id gets another producer id, because the epochs of this one are used up. */
    TransactionMetadata rotated(long newProducerId, short rememberedEpoch, int newTimeoutMs, long nowMs) {
        return empty(new ProducerIdentity(newProducerId, (short) 0), rememberedEpoch, newTimeoutMs, nowMs);
    }

    private TransactionMetadata empty(ProducerIdentity next, short lastEpoch, int newTimeoutMs, long nowMs) {
        return new TransactionMetadata(
                transactionalId,
                next,
                producerId(),
                nextProducerId,
                lastEpoch,
                newTimeoutMs,
                TransactionState.EMPTY,
                new TreeSet<>(),
                NONE,
                nowMs,
                clientVersion);
    }

    /** Partitions join the transaction, which begins with the first ones. */
    TransactionMetadata withPartitions(Collection<TopicPartition> added, int version, long nowMs) {
        SortedSet<TopicPartition> all = new TreeSet<>(partitions);
        all.addAll(added);
        return new TransactionMetadata(
                transactionalId,
                producer,
                producerId(),
                nextProducerId,
                lastProducerEpoch,
                timeoutMs,
                TransactionState.ONGOING,
                all,
                state == TransactionState.ONGOING ? startTimestampMs : nowMs,
                nowMs,
                version);
    }

    /**
     * The outcome is decided. From version 2 on the markers, and the producer's next transaction, have the next epoch.
     *
     * @param nextId the producer id afterwards, -1 if it stays
     */
    TransactionMetadata prepared(TransactionState outcome, int version, long nextId, long nowMs) {
        boolean bumps = TransactionVersion.bumpsEpoch(version);
        short epoch = producerEpoch();
        short next = bumps && epoch < Short.MAX_VALUE ? (short) (epoch + 1) : epoch;
        return new TransactionMetadata(
                transactionalId,
                new ProducerIdentity(producerId(), next),
                producerId(),
                nextId,
                bumps ? epoch : lastProducerEpoch,
                timeoutMs,
                outcome,
                partitions,
                state == TransactionState.ONGOING ? startTimestampMs : nowMs,
                nowMs,
                version);
    }

    /** All partitions have their markers. */
    TransactionMetadata completed(long nowMs) {
        return new TransactionMetadata(
                transactionalId,
                afterwards(),
                producerId(),
                NONE,
                lastProducerEpoch,
                timeoutMs,
                state == TransactionState.PREPARE_COMMIT
                        ? TransactionState.COMPLETE_COMMIT
                        : TransactionState.COMPLETE_ABORT,
                new TreeSet<>(),
                startTimestampMs,
                nowMs,
                clientVersion);
    }

    /** Who may write once a decided transaction is complete. */
    ProducerIdentity afterwards() {
        return TransactionVersion.bumpsEpoch(clientVersion) && nextProducerId != NONE
                ? new ProducerIdentity(nextProducerId, (short) 0)
                : producer;
    }
}
