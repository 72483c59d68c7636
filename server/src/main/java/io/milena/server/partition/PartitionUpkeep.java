package io.milena.server.partition;

import io.milena.log.LogException;
import io.milena.server.config.BrokerSettings;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for all partitions every now and then: old segments are deleted, and the data folder's checkpoints are written. The
 * timers only hand over; the work runs on a background thread, where it touches a log inside the log's strand.
 */
public final class PartitionUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionUpkeep.class);

    /** How often partitions that could not be opened are tried again. */
    static final long UNOPENED_RETRY_MS = 10_000;

    private final Partitions partitions;
    private final PartitionStore store;
    private final Timers timers;
    private final Executor background;
    private final Map<String, Timeout> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public PartitionUpkeep(Partitions partitions, PartitionStore store, Timers timers, Executor background) {
        this.partitions = partitions;
        this.store = store;
        this.timers = timers;
        this.background = background;
    }

    /** Begins; each task runs for the first time after its interval. */
    public void start(BrokerSettings settings) {
        repeat("retention", settings.retentionCheckIntervalMs(), this::applyRetention);
        repeat("unopened", UNOPENED_RETRY_MS, partitions::retryUnopened);
        repeat("checkpoint", settings.flushCheckpointIntervalMs(), () -> store.checkpoint(partitions.all()));
    }

    /** Stops; a task that is under way may still end. */
    @Override
    public void close() {
        closed = true;
        waiting.values().forEach(Timeout::cancel);
    }

    private void repeat(String name, long intervalMs, Runnable task) {
        if (!closed) {
            waiting.put(
                    name,
                    timers.schedule(
                            intervalMs,
                            () -> background.execute(() -> {
                                run(name, task);
                                repeat(name, intervalMs, task);
                            })));
        }
    }

    private static void run(String name, Runnable task) {
        try {
            task.run();
        } catch (LogException e) {
            LOG.error("upkeep failed: task={}", name, e);
        }
    }

    private void applyRetention() {
        for (Partition partition : partitions.all()) {
            partition.strand().execute(partition::applyRetention);
        }
    }
}
