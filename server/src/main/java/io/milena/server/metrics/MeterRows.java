package io.milena.server.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * The rows of one meter whose tags come and go, such as those of topics: what is shown is replaced as a whole. Any thread, one after the
 * other; the registry reads at any time.
 */
public final class MeterRows implements AutoCloseable {
    private final Registration registration;
    private final MeterRegistry registry;
    private final Map<List<String>, Row> rows = new HashMap<>();

    /** Makes the meter of a row. */
    interface Registration {
        Meter register(DoubleSupplier value, String... tagValues);
    }

    /** Read by its meter, and kept here, as Micrometer does not keep it from being collected. */
    private static final class Row implements DoubleSupplier {
        private volatile double value;
        private final Meter meter;

        Row(Registration registration, List<String> tagValues) {
            meter = registration.register(this, tagValues.toArray(new String[0]));
        }

        @Override
        public double getAsDouble() {
            return value;
        }
    }

    MeterRows(Registration registration, MeterRegistry registry) {
        this.registration = registration;
        this.registry = registry;
    }

    /** Shows these rows, by the values of their tags, and no others. */
    public synchronized void show(Map<List<String>, ? extends Number> values) {
        removeAllBut(values.keySet());
        values.forEach((tagValues, value) ->
                rows.computeIfAbsent(tagValues, absent -> new Row(registration, tagValues)).value =
                        value.doubleValue());
    }

    /** Shows none any more. */
    @Override
    public synchronized void close() {
        removeAllBut(Set.of());
    }

    private void removeAllBut(Set<List<String>> kept) {
        Iterator<Map.Entry<List<String>, Row>> all = rows.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<List<String>, Row> row = all.next();
            if (!kept.contains(row.getKey())) {
                registry.remove(row.getValue().meter);
                all.remove();
            }
        }
    }
}
