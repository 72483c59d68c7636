package io.milena.log.producer;

import io.milena.log.batch.RecordBatch;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of one producer. Belongs to {@link Producers}. */
final class ProducerState {
    static final long NO_TRANSACTION = -1;

    /** Of its current epoch; what a retry is compared with. */
    private final RecentBatches batches = new RecentBatches();

    private final long producerId;
    private short epoch;
    private int coordinatorEpoch = -1;
    private long lastTimestamp = RecordBatch.NO_TIMESTAMP;
    private long transactionStart = NO_TRANSACTION;
    private int markers;
    // Whether batches before the remembered ones may be forgotten, not absent.
    private boolean loaded;

    ProducerState(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    /** A state out of a snapshot, which holds the last batch only. */
    ProducerState(ActiveProducer from) {
        this(from.producerId(), from.producerEpoch());
        coordinatorEpoch = from.coordinatorEpoch();
        lastTimestamp = from.lastTimestamp();
        transactionStart = from.currentTxnStartOffset();
        loaded = true;
    }

    void add(AppendedBatch batch, short batchEpoch) {
        moveTo(batchEpoch);
        if (batches.isFull()) {
            loaded = false;
        }
        batches.add(batch);
        lastTimestamp = batch.timestamp();
    }

    void beginTransaction(long firstOffset) {
        transactionStart = firstOffset;
    }

    void endTransaction(short markerEpoch, int markerCoordinatorEpoch, long timestamp) {
        moveTo(markerEpoch);
        coordinatorEpoch = markerCoordinatorEpoch;
        lastTimestamp = timestamp;
        transactionStart = NO_TRANSACTION;
        markers++;
    }

    private void moveTo(short nextEpoch) {
        if (epoch != nextEpoch) {
            batches.clear();
            epoch = nextEpoch;
            loaded = false;
        }
    }

    /** The remembered batch with exactly these sequence numbers. */
    Optional<AppendedBatch> duplicateOf(RecordBatch batch) {
        return batch.producerEpoch() == epoch
                ? Optional.ofNullable(batches.find(batch.baseSequence(), batch.lastSequence()))
                : Optional.empty();
    }

    /** Offset of the oldest batch that is remembered, if an earlier one may be forgotten that has these sequence numbers. */
    OptionalLong remembersFrom(RecordBatch batch) {
        AppendedBatch oldest = batches.oldest();
        return loaded && oldest != null && isBefore(batch.lastSequence(), oldest.firstSequence())
                ? OptionalLong.of(oldest.firstOffset())
                : OptionalLong.empty();
    }

    /** Sequence numbers start anew after the largest one: the shorter way counts. */
    private static boolean isBefore(int sequence, int other) {
        int distance = (other - sequence) & Integer.MAX_VALUE;
        return distance > 0 && distance < 1 << 30;
    }

    boolean isInSequence(int sequence) {
        return sequence == RecordBatch.sequenceAfter(lastSequence(), 1);
    }

    int lastSequence() {
        return batches.lastSequence();
    }

    Optional<AppendedBatch> lastBatch() {
        return Optional.ofNullable(batches.newest());
    }

    short epoch() {
        return epoch;
    }

    /** Markers seen since the log was opened. */
    int markers() {
        return markers;
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    boolean inTransaction() {
        return transactionStart != NO_TRANSACTION;
    }

    long transactionStart() {
        return transactionStart;
    }

    long producerId() {
        return producerId;
    }

    boolean isExpired(long nowMs, long expirationMs) {
        return !inTransaction() && nowMs - lastTimestamp >= expirationMs;
    }

    ActiveProducer describe() {
        return new ActiveProducer(producerId, epoch, lastSequence(), lastTimestamp, coordinatorEpoch, transactionStart);
    }
}
