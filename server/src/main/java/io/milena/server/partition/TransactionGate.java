package io.milena.server.partition;

import io.milena.log.batch.RecordBatch;
import io.milena.log.producer.Producers;
import io.milena.protocol.ErrorCode;
import io.milena.server.strand.Strand;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Holds back batches of transactions that are not open in a partition, until the transaction's coordinator says that the partition
 * belongs to it: a late batch must not open a transaction that nobody will end (KIP-890). The first batch of a producer makes the
 * gate ask, those behind it wait for the same answer, and all pass in the order they came. Owned by the partition's strand.
 *
 * <p>What a producer tried without success is remembered: the gate lets no batch pass before the one with the lowest sequence
 * number, lest that one is refused for ever as out of order.
 */
public final class TransactionGate {
    /** Producers remembered; beyond it the ones that came first are forgotten, unless they wait. */
    static final int MAX_PRODUCERS = 1_000;

    private static final int EPOCH_BUMPING_VERSION = 2;

    private final Supplier<Producers> known;
    private final Strand strand;
    private final Map<Long, Passage> passages = new LinkedHashMap<>();

    /** Somebody with a batch. */
    public interface Waiter {
        /** Inside the strand: NONE if the batch may be appended at once, else what to answer. */
        void settled(ErrorCode error);
    }

    /** What to ask the coordinator, and what its answer is good for. */
    public interface Question {
        /** Version of transactions that the client follows: 2 if it changes its epoch with each. */
        int transactionVersion();

        /** Whether the partition belongs to the producer's transaction: NONE, or what to answer the client. Never fails. */
        CompletionStage<ErrorCode> ask(long producerId, short producerEpoch);
    }

    /** @param known gives the producers of the partition, which others may follow */
    TransactionGate(Supplier<Producers> known, Strand strand) {
        this.known = known;
        this.strand = strand;
    }

    /** Settles the waiter, now or after the coordinator was asked. Inside the strand. */
    public void pass(RecordBatch batch, Question question, Waiter waiter) {
        strand.assertInside();
        long producerId = batch.producerId();
        short epoch = batch.producerEpoch();
        if (producers().hasOpenTransaction(producerId, epoch)) {
            waiter.settled(ErrorCode.NONE);
            return;
        }
        Passage passage = passages.get(producerId);
        if (epoch < producers().epoch(producerId) || (passage != null && epoch < passage.epoch)) {
            waiter.settled(ErrorCode.INVALID_PRODUCER_EPOCH);
            return;
        }
        if (passage == null || epoch > passage.epoch) {
            if (passage != null) {
                passage.settleAll(ErrorCode.INVALID_PRODUCER_EPOCH);
                passages.remove(producerId);
            }
            passage = new Passage(producerId, epoch, batch.baseSequence());
            passages.put(producerId, passage);
            forgetOldest();
        }
        passage.lowestSequence = Math.min(passage.lowestSequence, batch.baseSequence());
        passage.waiting.add(new Waiting(batch.baseSequence(), waiter));
        if (!passage.asks) {
            passage.ask(question);
        }
    }

    private Producers producers() {
        return known.get();
    }

    private void forgetOldest() {
        Iterator<Passage> oldest = passages.values().iterator();
        while (passages.size() > MAX_PRODUCERS && oldest.hasNext()) {
            if (!oldest.next().asks) {
                oldest.remove();
            }
        }
    }

    private record Waiting(int sequence, Waiter waiter) {}

    /** A producer on its way into the partition. */
    private final class Passage {
        private final long producerId;
        private final short epoch;
        private int lowestSequence;
        private boolean asks;
        private int transactionVersion;
        private int markers;
        private List<Waiting> waiting = new ArrayList<>(1);

        Passage(long producerId, short epoch, int lowestSequence) {
            this.producerId = producerId;
            this.epoch = epoch;
            this.lowestSequence = lowestSequence;
        }

        void ask(Question question) {
            asks = true;
            markers = producers().markers(producerId);
            transactionVersion = question.transactionVersion();
            question.ask(producerId, epoch).thenAccept(answer -> strand.execute(() -> answered(answer)));
        }

        private void answered(ErrorCode answer) {
            asks = false;
            // A marker that came in between ended the transaction the answer is about. Where each transaction has an
            // epoch
            // of its own, that alone keeps the batch out.
            boolean overtaken = transactionVersion < EPOCH_BUMPING_VERSION
                    && markers != producers().markers(producerId);
            settleAll(answer == ErrorCode.NONE && overtaken ? ErrorCode.INVALID_TXN_STATE : answer);
            if (producers().hasOpenTransaction(producerId, epoch)) {
                passages.remove(producerId, this);
            }
        }

        private void settleAll(ErrorCode error) {
            List<Waiting> settled = waiting;
            waiting = new ArrayList<>(1);
            for (Waiting each : settled) {
                each.waiter.settled(error == ErrorCode.NONE ? checkSequence(each.sequence) : error);
            }
        }

        private ErrorCode checkSequence(int sequence) {
            if (producers().hasOpenTransaction(producerId, epoch)) {
                return ErrorCode.NONE;
            }
            boolean unknown = transactionVersion >= EPOCH_BUMPING_VERSION
                    && sequence != 0
                    && !producers().knowsSequence(producerId);
            return unknown || sequence > lowestSequence ? ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER : ErrorCode.NONE;
        }
    }
}
