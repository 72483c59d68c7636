package io.milena.log.clean;

import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.log.segment.AbortedTransaction;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells, on a walk over the batches of a log in order, which of them belong to aborted transactions and which markers
 * nothing needs any more. A marker is needed as long as the walk met a batch of its transaction, even one that the same
 * walk removes. All transactions met must be decided. Used by one thread at a time.
 */
final class TransactionFates {
    private final PriorityQueue<AbortedTransaction> ahead =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    /** Aborted transactions the walk is in, by their producer. */
    private final Map<Long, Aborted> aborted = new HashMap<>();
    /** Producers of committed transactions of which a batch was met. */
    private final Set<Long> committed = new HashSet<>();

    private long knownUpTo = -1;

    private static final class Aborted {
        private final AbortedTransaction transaction;
        private boolean met;

        Aborted(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    /**
     * What a marker is good for.
     *
     * @param needed whether a batch of its transaction was met
     * @param aborted the transaction it ended, if that was aborted and the marker is needed
     */
    record Ending(boolean needed, @Nullable AbortedTransaction aborted) {
        private static final Ending UNNEEDED = new Ending(false, null);
        private static final Ending NEEDED = new Ending(true, null);
    }

    /**
     * Tells of the aborted transactions that touch the next stretch of the walk.
     *
     * @param upToOffset end of that stretch, start of the next one
     */
    void learn(List<AbortedTransaction> touching, long upToOffset) {
        for (AbortedTransaction transaction : touching) {
            if (transaction.firstOffset() >= knownUpTo) {
                ahead.add(transaction);
            }
        }
        knownUpTo = upToOffset;
    }

    /** Notes a batch of data. Whether its records are void. */
    boolean isAborted(RecordBatch batch) {
        enter(batch.lastOffset());
        if (!batch.isTransactional()) {
            return false;
        }
        Aborted transaction = aborted.get(batch.producerId());
        if (transaction == null) {
            committed.add(batch.producerId());
            return false;
        }
        transaction.met = true;
        return true;
    }

    /** Notes a control batch. */
    Ending end(RecordBatch marker) {
        enter(marker.lastOffset());
        try (RecordIterator records = marker.records()) {
            if (!records.hasNext()) {
                return Ending.UNNEEDED; // its record was removed before
            }
            Record record = records.next();
            if (!ControlRecord.isTransactionMarker(record)) {
                return Ending.NEEDED;
            }
            return ControlRecord.of(record).type() == ControlRecord.Type.ABORT
                    ? abort(marker.producerId())
                    : commit(marker.producerId());
        }
    }

    private Ending abort(long producerId) {
        Aborted ended = aborted.remove(producerId);
        return ended != null && ended.met ? new Ending(true, ended.transaction) : Ending.UNNEEDED;
    }

    private Ending commit(long producerId) {
        return committed.remove(producerId) ? Ending.NEEDED : Ending.UNNEEDED;
    }

    private void enter(long offset) {
        AbortedTransaction next = ahead.peek();
        while (next != null && next.firstOffset() <= offset) {
            aborted.putIfAbsent(next.producerId(), new Aborted(next));
            ahead.remove();
            next = ahead.peek();
        }
    }
}
