package io.milena.log.clean;

import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.log.batch.TimestampType;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What compaction leaves of a batch. Of data, the newest record of each key stays, a tombstone only until the batch's
 * delete horizon; the first cleaning that finds a tombstone sets the horizon (KIP-534). Aborted data goes. A marker stays
 * as long as data of its transaction, and then until a horizon of its own. Of a batch that must not vanish, an empty
 * header stays. A batch that changes keeps its offsets, sequence numbers, epochs and codec. Used by one thread at a time.
 */
final class BatchCleaner {
    private static final long NO_HORIZON = -1;

    private final KeyOffsets keys;
    private final long mappedUpTo;
    private final Predicate<RecordBatch> mustNotVanish;
    private final CleaningRules rules;

    /**
     * A cleaner.
     *
     * @param keys the newest offset of each key below an offset
     * @param mappedUpTo that offset; all records at or above it stay
     * @param mustNotVanish tells of a batch whether at least its header is to stay
     */
    BatchCleaner(KeyOffsets keys, long mappedUpTo, Predicate<RecordBatch> mustNotVanish, CleaningRules rules) {
        this.keys = keys;
        this.mappedUpTo = mappedUpTo;
        this.mustNotVanish = mustNotVanish;
        this.rules = rules;
    }

    /**
     * What remains of a batch of data.
     *
     * @return the batch itself if nothing changes, null if nothing remains
     */
    @Nullable
    RecordBatch cleanData(RecordBatch batch, boolean aborted) {
        if (aborted) {
            return emptied(batch);
        }
        BitSet kept = new BitSet();
        int count = 0;
        boolean tombstones = false;
        try (RecordIterator records = batch.records()) {
            for (; records.hasNext(); count++) {
                Record record = records.next();
                if (stays(batch, record)) {
                    kept.set(count);
                    tombstones |= record.value() == null;
                }
            }
        }
        if (kept.isEmpty()) {
            return emptied(batch);
        }
        boolean newHorizon = tombstones && !batch.hasDeleteHorizon();
        return kept.cardinality() == count && !newHorizon ? batch : rebuilt(batch, kept, newHorizon);
    }

    private boolean stays(RecordBatch batch, Record record) {
        if (record.offset() >= mappedUpTo) {
            return true;
        }
        ByteBuffer key = record.key();
        if (key == null) {
            return false; // no place in a compacted log; left from a time when it was not
        }
        boolean isDue = record.value() == null && batch.hasDeleteHorizon() && rules.isOver(batch.baseTimestamp());
        return !isDue && record.offset() >= keys.get(key);
    }

    /**
     * What remains of a control batch.
     *
     * @param needed whether there is still data of the transaction it ended
     * @return the batch itself if nothing changes, null if nothing remains
     */
    @Nullable
    RecordBatch cleanMarker(RecordBatch batch, boolean needed) {
        if (batch.recordCount() == 0) {
            return emptied(batch);
        }
        if (needed || (batch.hasDeleteHorizon() && !rules.isOver(batch.baseTimestamp()))) {
            return batch;
        }
        if (batch.hasDeleteHorizon()) {
            return emptied(batch);
        }
        BitSet all = new BitSet();
        all.set(0, batch.recordCount());
        return rebuilt(batch, all, true);
    }

    private @Nullable RecordBatch emptied(RecordBatch batch) {
        if (!mustNotVanish.test(batch)) {
            return null;
        }
        return batch.recordCount() == 0
                ? batch
                : copyOf(batch)
                        .maxTimestamp(batch.maxTimestamp())
                        .lastOffset(batch.lastOffset())
                        .build();
    }

    private RecordBatch rebuilt(RecordBatch batch, BitSet kept, boolean newHorizon) {
        BatchBuilder builder = copyOf(batch).compression(batch.compression());
        long horizon = batch.hasDeleteHorizon() ? batch.baseTimestamp() : NO_HORIZON;
        if (newHorizon) {
            horizon = rules.deleteHorizonMs();
        }
        if (horizon != NO_HORIZON) {
            builder.deleteHorizon(horizon);
        }
        try (RecordIterator records = batch.records()) {
            for (int i = 0; records.hasNext(); i++) {
                Record record = records.next();
                if (kept.get(i)) {
                    builder.append(record);
                }
            }
        }
        return builder.lastOffset(batch.lastOffset()).build();
    }

    private static BatchBuilder copyOf(RecordBatch batch) {
        BatchBuilder copy = new BatchBuilder()
                .baseOffset(batch.baseOffset())
                .leaderEpoch(batch.partitionLeaderEpoch())
                .producer(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            copy.appendTime(batch.maxTimestamp());
        }
        if (batch.isTransactional()) {
            copy.transactional();
        }
        if (batch.isControl()) {
            copy.control();
        }
        return copy;
    }
}
