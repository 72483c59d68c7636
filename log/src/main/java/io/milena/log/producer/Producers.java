package io.milena.log.producer;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The producers of one partition. An append asks {@link #check} before it writes and tells {@link #update} after, when
 * the batch has its offsets; the first changes nothing, the second refuses nothing. Batches without a producer id pass
 * through both. Owned by the partition's strand.
 *
 * <p>A transaction is <em>open</em> from its first batch to its marker. It stays <em>unstable</em> until the marker, too,
 * lies below the high watermark: only then may readers of committed data pass it.
 */
public final class Producers {
    /** From this transaction version on (KIP-890), a marker carries an epoch of its own. */
    private static final int EPOCH_BUMPING_VERSION = 2;

    private final Map<Long, ProducerState> states = new HashMap<>();
    /** First offset of each open transaction to its producer. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /** First offset of each ended transaction to the offset of its marker, until that is below the high watermark. */
    private final TreeMap<Long, Long> ended = new TreeMap<>();

    /**
     * Whether a batch may be appended; the same as {@link #check(RecordBatch, AppendOrigin, int)} for transaction
     * version 0.
     */
    public Optional<AppendedBatch> check(RecordBatch batch, AppendOrigin origin) {
        return check(batch, origin, 0);
    }

    /**
     * Whether a batch may be appended.
     *
     * @param transactionVersion for markers: 0 and 1 end a transaction in its own epoch, 2 in the next one
     * @return empty if it may; the batch appended before if this one is a retry of it
     * @throws LogException {@code OUT_OF_ORDER_SEQUENCE_NUMBER}, {@code INVALID_PRODUCER_EPOCH}, {@code
     *     INVALID_TXN_STATE} or, for markers, {@code TRANSACTION_COORDINATOR_FENCED}
     */
    public Optional<AppendedBatch> check(RecordBatch batch, AppendOrigin origin, int transactionVersion) {
        if (!batch.hasProducer() || origin == AppendOrigin.REPLICA) {
            return Optional.empty();
        }
        ProducerState state = states.get(batch.producerId());
        if (state == null) {
            // nothing is known, perhaps any more: a producer may go on with any sequence number
            return Optional.empty();
        }
        if (batch.isControl()) {
            checkMarker(batch, state, transactionVersion);
            return Optional.empty();
        }
        if (origin == AppendOrigin.CLIENT) {
            Optional<AppendedBatch> duplicate = state.duplicateOf(batch);
            if (duplicate.isPresent()) {
                return duplicate;
            }
        }
        if (batch.producerEpoch() < state.epoch()) {
            throw oldEpoch(batch, state);
        }
        if (origin == AppendOrigin.CLIENT) {
            checkSequence(batch, state);
        }
        if (state.inTransaction() && !batch.isTransactional()) {
            throw new LogException(
                    LogError.INVALID_TXN_STATE,
                    "Producer " + batch.producerId() + " writes outside of its open transaction");
        }
        return Optional.empty();
    }

    /**
     * Where the batches of a producer begin that are remembered, if an earlier one of the same epoch may be forgotten although
     * its producer may send it again: after the state was loaded, until there were enough others.
     */
    public OptionalLong remembersFrom(RecordBatch batch) {
        ProducerState state = states.get(batch.producerId());
        return state == null || state.epoch() != batch.producerEpoch()
                ? OptionalLong.empty()
                : state.remembersFrom(batch);
    }

    private static void checkSequence(RecordBatch batch, ProducerState state) {
        int sequence = batch.baseSequence();
        boolean expected = batch.producerEpoch() == state.epoch() ? state.isInSequence(sequence) : sequence == 0;
        if (!expected) {
            throw new LogException(
                    LogError.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    "Producer " + batch.producerId() + " sends sequence " + sequence + " in epoch "
                            + batch.producerEpoch() + " after " + state.lastSequence() + " in epoch " + state.epoch());
        }
    }

    private static void checkMarker(RecordBatch batch, ProducerState state, int transactionVersion) {
        short epoch = batch.producerEpoch();
        // a marker of version 2 in the epoch of the producer is a late one, unless it repeats the one that ended it all
        boolean late = transactionVersion >= EPOCH_BUMPING_VERSION
                && epoch == state.epoch()
                && state.inTransaction()
                && epoch != Short.MAX_VALUE;
        if (epoch < state.epoch() || late) {
            throw oldEpoch(batch, state);
        }
        int coordinatorEpoch = ControlRecord.of(batch).coordinatorEpoch();
        if (coordinatorEpoch < state.coordinatorEpoch()) {
            throw new LogException(
                    LogError.TRANSACTION_COORDINATOR_FENCED,
                    "Marker for producer " + batch.producerId() + " by coordinator epoch " + coordinatorEpoch
                            + ", already seen " + state.coordinatorEpoch());
        }
    }

    private static LogException oldEpoch(RecordBatch batch, ProducerState state) {
        return new LogException(
                LogError.INVALID_PRODUCER_EPOCH,
                "Producer " + batch.producerId() + " writes in epoch " + batch.producerEpoch() + ", already seen "
                        + state.epoch());
    }

    /**
     * Notes a batch that is in the log. Also replays the log after a restart and follows a leader.
     *
     * @return the transaction that the batch ended, if it is a marker of one with records in this partition
     */
    public Optional<CompletedTransaction> update(RecordBatch batch) {
        if (!batch.hasProducer()) {
            return Optional.empty();
        }
        if (batch.isControl()) {
            return updateByMarker(batch);
        }
        ProducerState state = stateOf(batch);
        state.add(AppendedBatch.of(batch), batch.producerEpoch());
        if (batch.isTransactional() && !state.inTransaction()) {
            state.beginTransaction(batch.baseOffset());
            open.put(batch.baseOffset(), batch.producerId());
        }
        return Optional.empty();
    }

    private ProducerState stateOf(RecordBatch batch) {
        Long id = batch.producerId();
        ProducerState state = states.get(id);
        if (state == null) { // computeIfAbsent would cost an object for each batch
            state = new ProducerState(id, batch.producerEpoch());
            states.put(id, state);
        }
        return state;
    }

    private Optional<CompletedTransaction> updateByMarker(RecordBatch batch) {
        try (RecordIterator records = batch.records()) {
            if (!records.hasNext()) {
                return Optional.empty(); // compaction removed the transaction and emptied its marker
            }
            Record record = records.next();
            ControlRecord marker = ControlRecord.of(record);
            ProducerState state = stateOf(batch);
            long firstOffset = state.transactionStart();
            boolean wasOpen = state.inTransaction();
            state.endTransaction(batch.producerEpoch(), marker.coordinatorEpoch(), record.timestamp());
            if (!wasOpen) {
                return Optional.empty();
            }
            long lastOffset = batch.baseOffset();
            open.remove(firstOffset);
            ended.put(firstOffset, lastOffset);
            long lastStable = open.isEmpty() ? lastOffset + 1 : open.firstKey();
            boolean aborted = marker.type() == ControlRecord.Type.ABORT;
            return Optional.of(
                    new CompletedTransaction(batch.producerId(), firstOffset, lastOffset, aborted, lastStable));
        }
    }

    /** Tells that everything below an offset is replicated: transactions ended below it are stable from now on. */
    public void highWatermark(long highWatermark) {
        if (!ended.isEmpty()) {
            ended.values().removeIf(marker -> marker < highWatermark);
        }
    }

    /** The first offset that readers of committed data must not see yet, because of an open or unstable transaction. */
    public OptionalLong firstUnstableOffset() {
        if (open.isEmpty() && ended.isEmpty()) {
            return OptionalLong.empty();
        }
        long firstOpen = open.isEmpty() ? Long.MAX_VALUE : open.firstKey();
        long firstEnded = ended.isEmpty() ? Long.MAX_VALUE : ended.firstKey();
        return OptionalLong.of(Math.min(firstOpen, firstEnded));
    }

    /**
     * Up to where readers of committed data may read. Needs {@link #highWatermark(long)} to have been told the same
     * watermark; an open transaction whose first records were deleted counts from the start of the log.
     */
    public long lastStableOffset(long logStart, long highWatermark) {
        OptionalLong unstable = firstUnstableOffset();
        return unstable.isEmpty() ? highWatermark : Math.min(highWatermark, Math.max(logStart, unstable.getAsLong()));
    }

    /** Whether the producer has an open transaction in this epoch here. */
    public boolean hasOpenTransaction(long producerId, short epoch) {
        ProducerState state = states.get(producerId);
        return state != null && state.epoch() == epoch && state.inTransaction();
    }

    /**
     * How many markers of a producer were appended while it was known here: whoever sees the same number twice knows that no
     * transaction of the producer ended in between.
     */
    public int markers(long producerId) {
        ProducerState state = states.get(producerId);
        return state == null ? 0 : state.markers();
    }

    /** Whether the last sequence number of the producer's current epoch is known. */
    public boolean knowsSequence(long producerId) {
        ProducerState state = states.get(producerId);
        return state != null && state.lastSequence() != RecordBatch.NO_SEQUENCE;
    }

    /** The newest epoch of a producer, or {@link RecordBatch#NO_PRODUCER_EPOCH} if it is unknown here. */
    public short epoch(long producerId) {
        ProducerState state = states.get(producerId);
        return state == null ? RecordBatch.NO_PRODUCER_EPOCH : state.epoch();
    }

    /** Forgets producers without an open transaction whose last batch or marker is at least this old. */
    public void expire(long nowMs, long expirationMs) {
        states.values().removeIf(state -> state.isExpired(nowMs, expirationMs));
    }

    /** Number of known producers. */
    public int size() {
        return states.size();
    }

    /** All known producers, for DescribeProducers, in no order. */
    public List<ActiveProducer> active() {
        List<ActiveProducer> active = new ArrayList<>(states.size());
        for (ProducerState state : states.values()) {
            active.add(state.describe());
        }
        return active;
    }

    /** What each known producer is known by, by its id: that must survive compaction. */
    public Map<Long, LastBatch> lastBatches() {
        Map<Long, LastBatch> last = new HashMap<>();
        states.forEach((id, state) -> {
            long lastOffset = state.lastBatch().map(AppendedBatch::lastOffset).orElse(-1L);
            last.put(id, new LastBatch(lastOffset, state.epoch()));
        });
        return last;
    }

    /** Forgets everything; the first step of a truncation, before the last snapshot and the batches after it. */
    public void clear() {
        states.clear();
        open.clear();
        ended.clear();
    }

    /** The state in the format of Kafka's {@code .snapshot} files, from position to limit. */
    public ByteBuffer encode() {
        return ProducerSnapshot.encode(states.values());
    }

    /**
     * Replaces the state by that of a snapshot, which is read from position to limit. Producers that expired in the
     * meantime are left out.
     *
     * @throws LogException with {@link LogError#CORRUPT_MESSAGE} if it is damaged; the state is then empty
     */
    public void load(ByteBuffer snapshot, long nowMs, long expirationMs) {
        clear();
        for (ProducerState state : ProducerSnapshot.decode(snapshot)) {
            if (!state.isExpired(nowMs, expirationMs)) {
                states.put(state.producerId(), state);
                if (state.inTransaction()) {
                    open.put(state.transactionStart(), state.producerId());
                }
            }
        }
    }
}
