package io.milena.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.milena.log.Damage;
import io.milena.log.clean.CompactionStatistics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of a broker, all of them. They leave the registry when this is closed. Any thread. */
public final class BrokerMetrics implements AutoCloseable {
    private static final String DAMAGE_FOUND = "milena.log.damage.found";
    private static final String FAILED_PARTITIONS = "milena.partitions.failed";
    private static final String OFFLINE_FOLDERS = "milena.folders.offline";
    private static final String COMPACTIONS = "milena.compaction.finished";
    private static final String COMPACTION_READ = "milena.compaction.read";
    private static final String COMPACTION_WRITTEN = "milena.compaction.written";
    private static final String COMPACTION_DIRTY_RATIO = "milena.compaction.dirty.ratio.max";
    private static final String UNCLEANABLE_PARTITIONS = "milena.compaction.partitions.uncleanable";

    private final MeterRegistry registry;
    private final Queue<Meter> own = new ConcurrentLinkedQueue<>();
    private final Map<Damage.Kind, Counter> damage = new EnumMap<>(Damage.Kind.class);

    /** Meters in a registry, which belongs to somebody else. */
    public BrokerMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Damage.Kind kind : Damage.Kind.values()) {
            damage.put(
                    kind,
                    noted(Counter.builder(DAMAGE_FOUND)
                            .description("Places in the files of logs whose bytes are not what was written")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry)));
        }
    }

    /** Takes the meters out of the registry. */
    @Override
    public void close() {
        own.forEach(registry::remove);
    }

    /** Counts damage by its kind. */
    public void damageFound(Damage found) {
        damage.getOrDefault(found.kind(), registry.counter(DAMAGE_FOUND, "kind", "other"))
                .increment();
    }

    /** Shows how many partitions take no records because of their disk, as the supplier counts them. */
    public void failedPartitions(IntSupplier count) {
        gauge(FAILED_PARTITIONS, "Partitions that take no records since their disk failed or is full", count);
    }

    /** Shows how many of the data folders are out of service, as the supplier counts them. */
    public void offlineFolders(IntSupplier count) {
        gauge(OFFLINE_FOLDERS, "Data folders out of service", count);
    }

    /** Shows what compaction did and has to do. */
    public void compaction(Supplier<CompactionStatistics> statistics) {
        count(COMPACTIONS, "Cleanings that came to their end", null, statistics, CompactionStatistics::compactions);
        count(COMPACTION_READ, "Bytes that cleanings read", "bytes", statistics, CompactionStatistics::bytesRead);
        count(
                COMPACTION_WRITTEN,
                "Bytes that cleanings wrote",
                "bytes",
                statistics,
                CompactionStatistics::bytesWritten);
        noted(Gauge.builder(COMPACTION_DIRTY_RATIO, () -> statistics.get().maxDirtyRatio())
                .description("Dirty share of the filthiest partition, from 0 to 1")
                .register(registry));
        gauge(
                UNCLEANABLE_PARTITIONS,
                "Partitions left alone because they could not be cleaned",
                () -> statistics.get().uncleanable());
    }

    private void gauge(String name, String description, IntSupplier count) {
        noted(Gauge.builder(name, count, IntSupplier::getAsInt)
                .description(description)
                .strongReference(true)
                .register(registry));
    }

    private void count(
            String name,
            String description,
            @Nullable String unit,
            Supplier<CompactionStatistics> statistics,
            ToDoubleFunction<CompactionStatistics> part) {
        noted(FunctionCounter.builder(name, statistics, supplier -> part.applyAsDouble(supplier.get()))
                .description(description)
                .baseUnit(unit)
                .register(registry));
    }

    private <M extends Meter> M noted(M meter) {
        own.add(meter);
        return meter;
    }
}
