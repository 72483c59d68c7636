package io.milena.server.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.config.BrokerSettings;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.MemoryShardLog;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.ShardHost;
import io.milena.server.strand.ManualExecutor;
import io.milena.server.strand.ManualTimers;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A transaction coordinator with one shard over a log in memory, in one thread, whose time stands still. */
public final class TransactionFixture {
    static final int TIMEOUT_MS = 60_000;
    static final int MAX_TIMEOUT_MS = 900_000;
    static final long EXPIRATION_MS = 7 * 24 * 3_600_000L;
    static final long ABORT_INTERVAL_MS = 10_000;
    static final long REMOVAL_INTERVAL_MS = 3_600_000;

    final ManualTimers timers = new ManualTimers();
    final ManualExecutor home = new ManualExecutor();
    final ManualExecutor background = new ManualExecutor();
    final RecordedMarkers markers = new RecordedMarkers();
    private final TransactionLimits limits =
            new TransactionLimits(MAX_TIMEOUT_MS, EXPIRATION_MS, ABORT_INTERVAL_MS, REMOVAL_INTERVAL_MS);
    private final TransactionMarkers destination;
    private long nextProducerId = 100;
    MemoryShardLog log = new MemoryShardLog(home);
    private ShardHost<TransactionRecord, TransactionShard> host;
    private TransactionCoordinator coordinator;

    public TransactionFixture() {
        this(null);
    }

    /** @param other markers that go elsewhere than into {@link #markers} */
    TransactionFixture(@Nullable TransactionMarkers other) {
        destination = other == null ? markers : other;
        host = host();
        coordinator = new TransactionCoordinator(host, () -> 1, limits);
        start();
    }

    private ShardHost<TransactionRecord, TransactionShard> host() {
        return new ShardHost<>(new ShardHost.Terms<>(
                "__transaction_state",
                new TransactionRecordCodec(),
                context -> new TransactionShard(
                        context, limits, () -> CompletableFuture.completedFuture(nextProducerId++), destination),
                timers,
                timers.clock(),
                background,
                5_000));
    }

    private void start() {
        host.lead(0, log);
        background.runAll();
        settle();
    }

    /** Forgets everything but the log, and loads it again. */
    public void restart() {
        host.resign(0);
        settle();
        log = new MemoryShardLog(home, log);
        host = host();
        coordinator = new TransactionCoordinator(host, () -> 1, limits);
        start();
    }

    /** The coordinator, another one after each restart. */
    public TransactionCoordinator coordinator() {
        return coordinator;
    }

    /** What partitions ask this coordinator. */
    public PartitionVerification verification() {
        BrokerSettings settings = BrokerSettings.of(Map.of("log.dirs", "/nowhere"));
        return new PartitionVerification(coordinator, settings::transactions);
    }

    /** Runs what was brought to the strand. */
    public void settle() {
        home.runAll();
    }

    void advance(long ms) {
        timers.advance(ms);
        settle();
    }

    ProducerIdentity init(String transactionalId) {
        return reply(coordinator.init(new InitProducerRequest(transactionalId, TIMEOUT_MS, ProducerIdentity.NONE)));
    }

    /** Takes a transactional id into use and adds partitions to its first transaction. */
    public ProducerIdentity begin(String transactionalId, TopicPartition... partitions) {
        ProducerIdentity producer = init(transactionalId);
        assertThat(add(transactionalId, producer, TransactionVersion.EPOCH_BUMPING, partitions))
                .isEqualTo(ErrorCode.NONE);
        return producer;
    }

    ErrorCode add(String transactionalId, ProducerIdentity producer, int version, TopicPartition... partitions) {
        return error(coordinator.add(new AddPartitionsRequest(transactionalId, producer, Set.of(partitions), version)));
    }

    CompletionStage<ProducerIdentity> end(
            String transactionalId, ProducerIdentity producer, boolean committed, int version) {
        return coordinator.end(new EndTransactionRequest(transactionalId, producer, committed, version));
    }

    TransactionMetadata describe(String transactionalId) {
        return reply(coordinator.describe(transactionalId));
    }

    TransactionState state(String transactionalId) {
        return describe(transactionalId).state();
    }

    /** The reply that must be there by now. */
    public <R> R reply(CompletionStage<R> stage) {
        settle();
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    /** NONE, or the error of the reply that must be there by now. */
    public ErrorCode error(CompletionStage<?> stage) {
        settle();
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.handle((reply, failure) -> failure == null ? ErrorCode.NONE : errorOf(failure))
                .toCompletableFuture()
                .join();
    }

    private static ErrorCode errorOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        assertThat(cause).isInstanceOf(CoordinatorException.class);
        return ((CoordinatorException) cause).error();
    }
}
