package io.milena.server.coordinator;

import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.RecordBatch;
import io.milena.protocol.ErrorCode;
import io.milena.server.strand.Strand;
import io.milena.server.strand.Timeout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard for as long as its partition is led here. While it is loaded in the background nobody else knows the shard; then it
 * is handed over to the strand, which owns all of this from there on.
 */
final class HostedShard<T, S extends Shard<T>> implements ShardContext<T> {
    /** How long after a load that failed the next one begins; twice as long after each, up to the last value. */
    static final long FIRST_RETRY_MS = 500;

    private static final long LAST_RETRY_MS = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(HostedShard.class);

    private final ShardHost.Terms<T, S> terms;
    private final int partition;
    private final ShardLog log;
    private final Strand strand;
    private State state = State.LOADING;
    private long retryMs = FIRST_RETRY_MS;
    private @Nullable S shard;
    private long logEnd;

    private enum State {
        LOADING,
        LOADED,
        CLOSED
    }

    HostedShard(ShardHost.Terms<T, S> terms, int partition, ShardLog log) {
        this.terms = terms;
        this.partition = partition;
        this.log = log;
        this.strand = log.strand();
    }

    /** A new topic's shard is there at once, so that its first client need not ask twice. */
    void load() {
        if (log.isEmpty()) {
            loadNow();
        } else {
            terms.background().execute(this::loadNow);
        }
    }

    private void loadNow() {
        long startedMs = terms.timers().nowMs();
        try {
            S loading = terms.make().apply(this);
            ShardReplay<T> replay = new ShardReplay<>(terms.codec(), loading);
            long end = log.replay(replay::read);
            LOG.debug(
                    "coordinator loaded: partition={}-{} records={} ms={}",
                    terms.topic(),
                    partition,
                    replay.records(),
                    terms.timers().nowMs() - startedMs);
            strand.execute(() -> loaded(loading, end));
        } catch (RuntimeException e) {
            LOG.error("coordinator not loaded, to be tried again: partition={}-{}", terms.topic(), partition, e);
            strand.execute(this::retry);
        }
    }

    private void loaded(S loading, long end) {
        if (state == State.LOADING) {
            state = State.LOADED;
            shard = loading;
            logEnd = end;
            loading.loaded();
        }
    }

    /** Until it is loaded, clients are told to come again. */
    private void retry() {
        if (state == State.LOADING) {
            terms.timers().schedule(retryMs, () -> strand.executeLater(this::loadAgain));
            retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
        }
    }

    private void loadAgain() {
        if (state == State.LOADING) {
            terms.background().execute(this::loadNow);
        }
    }

    void close() {
        strand.execute(() -> {
            S closing = shard;
            state = State.CLOSED;
            shard = null;
            if (closing != null) {
                LOG.debug("coordinator unloaded: partition={}-{}", terms.topic(), partition);
                closing.unloaded();
            }
        });
    }

    <R> CompletionStage<R> execute(Function<S, CompletionStage<R>> operation) {
        CompletableFuture<R> result = new CompletableFuture<>();
        strand.execute(() -> {
            try {
                operation.apply(serving()).whenComplete((reply, failure) -> {
                    if (failure == null) {
                        result.complete(reply);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private S serving() {
        S serving = shard;
        if (serving == null) {
            throw state == State.LOADING
                    ? new CoordinatorException(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, "the coordinator is loading")
                    : new CoordinatorException(ErrorCode.NOT_COORDINATOR, "another broker coordinates it");
        }
        return serving;
    }

    @Override
    public long nowMs() {
        return terms.clock().millis();
    }

    @Override
    public void append(List<T> records) {
        serving();
        append(records, new BatchBuilder());
    }

    private void append(List<T> records, BatchBuilder batch) {
        if (records.isEmpty()) {
            return;
        }
        long nowMs = nowMs();
        for (T record : records) {
            batch.append(nowMs, terms.codec().key(record), terms.codec().value(record));
        }
        logEnd = log.append(batch.build().bytes());
    }

    @Override
    public <R> CompletionStage<R> carryOut(Decision<T, R> decision) {
        append(decision.records());
        S serving = serving();
        decision.records().forEach(serving::apply);
        return whenCommitted(decision.reply());
    }

    @Override
    public <R> CompletionStage<R> carryOut(Decision<T, R> decision, ProducerIdentity producer) {
        S serving = serving();
        append(
                decision.records(),
                new BatchBuilder()
                        .producer(producer.producerId(), producer.producerEpoch(), RecordBatch.NO_SEQUENCE)
                        .transactional());
        for (T record : decision.records()) {
            serving.applyTransactional(producer.producerId(), record);
        }
        return whenCommitted(decision.reply());
    }

    @Override
    public CompletionStage<Void> endTransaction(TransactionMarker marker) {
        S serving = serving();
        logEnd = log.appendMarker(marker.toBatch(nowMs()), marker.transactionVersion());
        serving.transactionEnded(marker.producer().producerId(), marker.committed());
        return whenCommitted(true).thenAccept(committed -> {});
    }

    private <R> CompletionStage<R> whenCommitted(R reply) {
        CompletableFuture<R> waiting = new CompletableFuture<>();
        reply(waiting, reply);
        return waiting;
    }

    @Override
    public int epoch() {
        return log.leaderEpoch();
    }

    @Override
    public <R> CompletionStage<R> resume(Supplier<CompletionStage<R>> operation) {
        return execute(shard -> operation.get());
    }

    @Override
    public ShardTransactions transactions() {
        return log.transactions();
    }

    @Override
    public <R> void reply(CompletableFuture<R> waiting, R reply) {
        if (log.isCommitted(logEnd)) {
            waiting.complete(reply);
            return;
        }
        Timeout timeout = terms.timers()
                .schedule(
                        terms.commitTimeoutMs(),
                        () -> strand.executeLater(() -> waiting.completeExceptionally(new CoordinatorException(
                                ErrorCode.COORDINATOR_NOT_AVAILABLE, "the coordinator's records are not replicated"))));
        log.whenCommitted(
                logEnd,
                () -> {
                    timeout.cancel();
                    waiting.complete(reply);
                },
                error -> {
                    timeout.cancel();
                    waiting.completeExceptionally(new CoordinatorException(error, "the coordinator moved"));
                });
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        StrandTimeout timeout = new StrandTimeout(task);
        timeout.start(delayMs);
        return timeout;
    }

    /** A timer that ends inside the strand, where alone it is cancelled: between its time and its turn there, too. */
    private final class StrandTimeout implements Timeout {
        private @Nullable Runnable task;
        private @Nullable Timeout timer;

        StrandTimeout(Runnable task) {
            this.task = task;
        }

        void start(long delayMs) {
            timer = terms.timers().schedule(delayMs, () -> strand.executeLater(this::run));
        }

        private void run() {
            Runnable due = task;
            task = null;
            if (due != null && state == State.LOADED) {
                due.run();
            }
        }

        @Override
        public boolean cancel() {
            boolean waits = task != null;
            task = null;
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
            return waits;
        }
    }
}
