package io.milena.server.coordinator;

import io.milena.server.strand.Timeout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What a shard may do to the world: write its log, answer, look at the clock and set timers. All methods but
 * {@link #nowMs()} and {@link #resume} are called inside the strand, once the shard is loaded.
 *
 * @param <T> the records, decoded
 */
public interface ShardContext<T> {
    /** Milliseconds since 1970, on the broker's clock. */
    long nowMs();

    /**
     * Appends records, all or nothing, without applying them.
     *
     * @throws CoordinatorException if they were not appended; nothing changed then
     */
    void append(List<T> records);

    /** Completes what waits once everything appended so far is committed, at the earliest now; fails it if that never comes. */
    <R> void reply(CompletableFuture<R> waiting, R reply);

    /** Runs a task inside the strand, unless it is cancelled or the shard unloaded by then. A cancelled task never runs. */
    Timeout schedule(long delayMs, Runnable task);

    /**
     * Appends a decision's records, applies them, and answers once they are committed.
     *
     * @throws CoordinatorException if they were not appended; nothing changed then
     */
    <R> CompletionStage<R> carryOut(Decision<T, R> decision);

    /** The epoch of the lead this shard serves under; it grows with each new one. */
    int epoch();

    /**
     * Brings the rest of an operation back to the strand, from any thread.
     *
     * @return what the operation returns; failed with a {@link CoordinatorException} if the shard is gone by then
     */
    <R> CompletionStage<R> resume(Supplier<CompletionStage<R>> operation);

    /** What the log knows of transactions that write to it. */
    ShardTransactions transactions();

    /**
     * Appends a decision's records as part of a producer's transaction, applies them as such, and answers once they are committed.
     *
     * @throws CoordinatorException if they were not appended; nothing changed then
     */
    <R> CompletionStage<R> carryOut(Decision<T, R> decision, ProducerIdentity producer);

    /**
     * Appends a marker, tells the shard, and completes once it is committed.
     *
     * @throws CoordinatorException if it was not appended; nothing changed then
     */
    CompletionStage<Void> endTransaction(TransactionMarker marker);
}
