package io.milena.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.milena.log.Damage;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.server.config.ListenerAddress;
import io.milena.server.console.Console;
import io.milena.server.console.Health;
import io.milena.server.console.JvmMeters;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.coordinator.transaction.TransactionFilter;
import io.milena.server.metrics.BrokerMetrics;
import io.milena.server.metrics.DamageCounts;
import io.milena.server.metrics.LogActivity;
import io.milena.server.metrics.RequestStatistics;
import io.milena.server.network.EventLoops;
import io.milena.server.network.http.HttpListener;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be seen of a broker from outside: what it counts, the registries that show it, and the admin port. Without a registry and
 * without the port, nothing is collected and none of Micrometer is loaded. Any thread.
 */
final class BrokerWatch implements AutoCloseable {
    /** How often numbers are collected for registries that do not say when they are read. */
    static final long COLLECT_EVERY_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);
    private static final TransactionFilter ALL = new TransactionFilter(false, Set.of(), Set.of(), -1, null);

    private final RequestStatistics requests = new RequestStatistics();
    private final DamageCounts damage = new DamageCounts();
    private final LogActivity activity = new LogActivity();
    private final List<BrokerMeasures> measures = new CopyOnWriteArrayList<>();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.STARTING);
    private final AtomicReference<@Nullable CompletableFuture<Void>> collecting = new AtomicReference<>();
    private volatile @Nullable BrokerParts parts;
    private volatile @Nullable Timeout nextCollection;

    /** Shows what is counted in a registry. */
    void showIn(MeterRegistry registry) {
        measures.add(new BrokerMeasures(new BrokerMetrics(registry, requests), damage, activity));
    }

    RequestStatistics requests() {
        return requests;
    }

    Damage.Listener damage() {
        return damage;
    }

    LogActivity activity() {
        return activity;
    }

    /**
     * Opens the admin port, which says from now on how the broker is.
     *
     * @throws IOException if the port is taken or the address is not of this machine
     */
    HttpListener openPort(
            ListenerAddress address, EventLoops loops, Timers timers, Executor background, Lifecycle lifecycle)
            throws IOException {
        Console console = new Console(health::get, this::collect, timers, background);
        showIn(console.registry());
        HttpListener port =
                lifecycle.opened("admin port", HttpListener.open(loops, address.host(), address.port(), console));
        lifecycle.opened("meters of the JVM", new JvmMeters(console.registry()));
        LOG.info("admin port: address={}", port.address());
        return port;
    }

    /** The parts are there to be measured, and the broker can be used. */
    void measure(BrokerParts parts) {
        this.parts = parts;
        health.compareAndSet(Health.STARTING, Health.READY);
        if (!measures.isEmpty()) {
            measures.forEach(measure -> measure.measure(parts));
            collectAgain(parts.handlers().timers(), parts.handlers().background());
        }
    }

    /** The broker cannot go on. */
    void lost() {
        health.set(Health.LOST);
    }

    /** The broker is being closed. */
    void stopping() {
        health.updateAndGet(now -> now == Health.LOST ? now : Health.STOPPING);
        Timeout next = nextCollection;
        if (next != null) {
            next.cancel();
        }
    }

    @Override
    public void close() {
        parts = null;
        measures.forEach(BrokerMeasures::close);
    }

    private void collectAgain(Timers timers, Executor background) {
        if (health.get() == Health.STARTING || health.get() == Health.READY) {
            nextCollection = timers.schedule(
                    COLLECT_EVERY_MS,
                    () -> background.execute(() -> {
                        collect();
                        collectAgain(timers, background);
                    }));
        }
    }

    /** Collects what is not counted in one place; if somebody else does just now, waits for that. */
    private CompletionStage<Void> collect() {
        BrokerParts measured = parts;
        if (measured == null || health.get() != Health.READY) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = collecting.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        try {
            collect(measured).whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.error("numbers for meters were not collected", failure);
                }
                collected(mine);
            });
        } catch (RuntimeException e) {
            collected(mine);
            throw e;
        }
        return mine;
    }

    private void collected(CompletableFuture<Void> mine) {
        collecting.set(null);
        mine.complete(null);
    }

    private CompletionStage<Void> collect(BrokerParts measured) {
        TopicNumbers topics = TopicNumbers.of(measured.handlers().partitions().all());
        measures.forEach(measure -> measure.show(topics));
        return GroupNumbers.of(measured.handlers().groups(), measured.handlers().partitions())
                .thenCombine(transactions(measured.handlers().transactions().coordinator()), (groups, transactions) -> {
                    measures.forEach(measure -> measure.show(groups, transactions, topics.leftOut()));
                    return null;
                });
    }

    private static CompletionStage<Map<List<String>, Integer>> transactions(TransactionCoordinator coordinator) {
        return GroupNumbers.allOf(coordinator.list(ALL)).thenApply(lists -> {
            Map<List<String>, Integer> byState = new HashMap<>();
            for (List<ListTransactionsResponse.TransactionState> list : lists) {
                list.forEach(transaction -> byState.merge(List.of(transaction.transactionState()), 1, Integer::sum));
            }
            return byState;
        });
    }
}
