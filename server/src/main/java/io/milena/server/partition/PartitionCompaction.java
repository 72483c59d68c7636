package io.milena.server.partition;

import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.CompactionSchedule;
import io.milena.log.clean.CompactionStatistics;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageListener;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.CompactionSettings;
import io.milena.server.strand.Timers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Compacts the partitions of this broker, by the settings in force: cleanings that begin after a change follow it. */
public final class PartitionCompaction implements ImageListener, AutoCloseable {
    private final Supplier<BrokerSettings> settings;
    private final CompactionSchedule schedule;

    /**
     * Compaction that is not started.
     *
     * @param settings as they are now; newer than the image when a change of it is told
     */
    public PartitionCompaction(
            Partitions partitions, Supplier<BrokerSettings> settings, Timers timers, Executor background) {
        this.settings = settings;
        this.schedule = new CompactionSchedule(
                partitions::compactable,
                background,
                timers::schedule,
                timers::nowMs,
                cleaner(settings.get().compaction()));
    }

    /** Begins; once the partitions are open. */
    public void start() {
        schedule.start();
    }

    /** What was done so far. Any thread. */
    public CompactionStatistics statistics() {
        return schedule.statistics();
    }

    @Override
    public CompletionStage<Void> imageChanged(ClusterImage previous, ClusterImage next) {
        if (!next.brokerConfigs().equals(previous.brokerConfigs())) {
            schedule.settings(cleaner(settings.get().compaction()));
        }
        return CompletableFuture.completedStage(null);
    }

    private static CleanerSettings cleaner(CompactionSettings compaction) {
        return new CleanerSettings(
                compaction.threads(),
                compaction.dedupeBufferSize(),
                compaction.ioBufferLoadFactor(),
                compaction.ioBufferSize(),
                compaction.ioMaxBytesPerSecond(),
                compaction.backoffMs());
    }

    /** Lets what is under way end without effect. */
    @Override
    public void close() {
        schedule.close();
    }
}
