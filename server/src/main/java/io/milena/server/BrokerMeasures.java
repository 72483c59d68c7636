package io.milena.server;

import io.milena.log.Damage;
import io.milena.log.clean.CompactionStatistics;
import io.milena.server.metrics.BrokerMeter;
import io.milena.server.metrics.BrokerMetrics;
import io.milena.server.metrics.DamageCounts;
import io.milena.server.metrics.LogActivity;
import io.milena.server.metrics.MeterRows;
import io.milena.server.network.EventLoops;
import io.milena.server.network.Network;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Connects the parts of a broker with its meters in one registry. What is counted in one place is read from there; what has to be added
 * up or asked for is replaced as a whole by {@link #show}. Any thread.
 */
final class BrokerMeasures implements AutoCloseable {
    private final BrokerMetrics metrics;
    private final Map<BrokerMeter, MeterRows> rows = new HashMap<>();
    private volatile TopicNumbers topics = TopicNumbers.of(List.of());

    /** Meters of requests, damage and flushes, which may happen while the broker opens its parts. */
    BrokerMeasures(BrokerMetrics metrics, DamageCounts damage, LogActivity activity) {
        this.metrics = metrics;
        for (Damage.Kind kind : Damage.Kind.values()) {
            metrics.show(
                    BrokerMeter.DAMAGE_FOUND,
                    () -> damage.count(kind),
                    kind.name().toLowerCase(Locale.ROOT));
        }
        metrics.show(BrokerMeter.LOG_FLUSHES, () -> List.of(activity.flushes()));
        metrics.show(BrokerMeter.BUFFERS, EventLoops::bufferBytes);
        metrics.show(BrokerMeter.TOPICS, () -> topics.count());
        metrics.show(BrokerMeter.PARTITIONS, () -> topics.total().partitions());
        metrics.show(BrokerMeter.LOG_SIZE, () -> topics.total().sizeInBytes());
        metrics.show(BrokerMeter.LOG_SEGMENTS, () -> topics.total().segments());
        metrics.show(BrokerMeter.LOG_APPENDS, activity::appends);
        metrics.show(BrokerMeter.PRODUCER_IDS, () -> topics.total().producers());
    }

    /** Meters of the parts. */
    void measure(BrokerParts parts) {
        metrics.show(BrokerMeter.FOLDERS_OFFLINE, () -> (int) parts.handlers().moves().folders().stream()
                .filter(folder -> !folder.isOnline())
                .count());
        metrics.show(
                BrokerMeter.PARTITIONS_OFFLINE,
                () -> parts.handlers().partitions().countOffline());
        metrics.show(
                BrokerMeter.PARTITIONS_FAILED,
                () -> parts.handlers().partitions().countFailed());
        metrics.show(BrokerMeter.FILES_ON_LEASE, () -> parts.openFiles().leases());
        metrics.show(
                BrokerMeter.FETCHES_WAITING, () -> parts.handlers().sessions().waiting());
        metrics.show(
                BrokerMeter.FETCH_SESSIONS, () -> parts.handlers().sessions().size());
        parts.threads().forEach((name, pool) -> {
            metrics.show(BrokerMeter.THREADS_QUEUE, pool::waiting, name);
            metrics.show(BrokerMeter.THREADS_BUSY, pool::busy, name);
        });
        measure(parts.loops());
        measure(parts.network(), parts.listeners());
        measure(parts.compaction()::statistics);
    }

    /** Shows what was added up. */
    void show(TopicNumbers numbers) {
        topics = numbers;
        rows(BrokerMeter.TOPIC_SIZE).show(numbers.rows(TopicNumbers.Sums::sizeInBytes));
        rows(BrokerMeter.TOPIC_RECORDS).show(numbers.rows(TopicNumbers.Sums::records));
        rows(BrokerMeter.TOPIC_RECEIVED).show(numbers.rows(TopicNumbers.Sums::appendedBytes));
        rows(BrokerMeter.TOPIC_SENT).show(numbers.rows(TopicNumbers.Sums::fetchedBytes));
    }

    /** Shows what groups and transactions answered. */
    void show(GroupNumbers groups, Map<List<String>, Integer> transactions, int topicsLeftOut) {
        rows(BrokerMeter.GROUPS).show(groups.byState());
        rows(BrokerMeter.GROUP_LAG).show(groups.lag());
        rows(BrokerMeter.TRANSACTIONS).show(transactions);
        rows(BrokerMeter.ROWS_LEFT_OUT)
                .show(Map.of(
                        List.of("topics"),
                        topicsLeftOut,
                        List.of("groups"),
                        groups.groupsLeftOut(),
                        List.of("group partitions"),
                        groups.rowsLeftOut()));
    }

    /** Takes all meters out of the registry. */
    @Override
    public synchronized void close() {
        rows.values().forEach(MeterRows::close);
        metrics.close();
    }

    private synchronized MeterRows rows(BrokerMeter meter) {
        return rows.computeIfAbsent(meter, metrics::rows);
    }

    private void measure(EventLoops loops) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (EventLoops.Watched loop : loops.watched()) {
            metrics.show(BrokerMeter.LOOP_QUEUE, loop.pendingTasks()::getAsInt, loop.name());
            metrics.show(
                    BrokerMeter.LOOP_CPU,
                    () -> seconds(threads.getThreadCpuTime(loop.threadId().getAsLong())),
                    loop.name());
        }
    }

    private void measure(Network network, List<String> listeners) {
        metrics.show(BrokerMeter.REQUEST_MEMORY, network::requestBytes);
        for (String listener : listeners) {
            metrics.show(BrokerMeter.CONNECTIONS, () -> network.connections(listener), listener);
        }
    }

    private void measure(Supplier<CompactionStatistics> compaction) {
        Map<BrokerMeter, Function<CompactionStatistics, Number>> numbers = Map.of(
                BrokerMeter.COMPACTIONS, CompactionStatistics::compactions,
                BrokerMeter.COMPACTION_READ, CompactionStatistics::bytesRead,
                BrokerMeter.COMPACTION_WRITTEN, CompactionStatistics::bytesWritten,
                BrokerMeter.COMPACTION_DIRTY_RATIO, CompactionStatistics::maxDirtyRatio,
                BrokerMeter.COMPACTION_UNCLEANABLE, CompactionStatistics::uncleanable);
        numbers.forEach((meter, number) ->
                metrics.show(meter, () -> number.apply(compaction.get()).doubleValue()));
    }

    private static double seconds(long nanos) {
        return Math.max(0, nanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
