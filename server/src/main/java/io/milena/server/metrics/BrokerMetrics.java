package io.milena.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.milena.log.Damage;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/** The meters of a broker, all of them. Any thread. */
public final class BrokerMetrics {
    private static final String DAMAGE_FOUND = "milena.log.damage.found";
    private static final String FAILED_PARTITIONS = "milena.partitions.failed";

    private final MeterRegistry registry;
    private final Map<Damage.Kind, Counter> damage = new EnumMap<>(Damage.Kind.class);

    /** Meters in a registry, which belongs to somebody else. */
    public BrokerMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Damage.Kind kind : Damage.Kind.values()) {
            damage.put(
                    kind,
                    Counter.builder(DAMAGE_FOUND)
                            .description("Places in the files of logs whose bytes are not what was written")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** Counts damage by its kind. */
    public void damageFound(Damage found) {
        damage.getOrDefault(found.kind(), registry.counter(DAMAGE_FOUND, "kind", "other"))
                .increment();
    }

    /** Shows how many partitions take no records because of their disk, as the supplier counts them. */
    public void failedPartitions(IntSupplier count) {
        Gauge.builder(FAILED_PARTITIONS, count, IntSupplier::getAsInt)
                .description("Partitions that take no records since their disk failed or is full")
                .strongReference(true)
                .register(registry);
    }
}
