package io.milena.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Histograms that were counted in buckets of our own, as Prometheus shows them: Micrometer has no meter that takes counted buckets. Any
 * thread.
 */
final class PrometheusHistograms implements AutoCloseable {
    private static final String PROMETHEUS_PACKAGE = "io.micrometer.prometheusmetrics.";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] UPPER_BOUNDS = upperBounds();

    private final PrometheusRegistry registry;
    private final Map<BrokerMeter, Histogram> histograms = new EnumMap<>(BrokerMeter.class);

    private PrometheusHistograms(PrometheusRegistry registry) {
        this.registry = registry;
    }

    /** Histograms in a registry, null if it is not of Prometheus; then none of its classes, which may be missing, is loaded. */
    static @Nullable PrometheusHistograms of(MeterRegistry registry) {
        return registry.getClass().getName().startsWith(PROMETHEUS_PACKAGE) ? ofPrometheus(registry) : null;
    }

    private static PrometheusHistograms ofPrometheus(MeterRegistry registry) {
        return new PrometheusHistograms(((PrometheusMeterRegistry) registry).getPrometheusRegistry());
    }

    synchronized void add(BrokerMeter meter, Supplier<List<Durations>> durations, List<String> tagValues) {
        histograms.computeIfAbsent(meter, this::registered).rows.put(Labels.of(meter.tags(), tagValues), durations);
    }

    @Override
    public synchronized void close() {
        histograms.values().forEach(registry::unregister);
        histograms.clear();
    }

    private Histogram registered(BrokerMeter meter) {
        Histogram histogram = new Histogram(meter);
        registry.register(histogram);
        return histogram;
    }

    private static double[] upperBounds() {
        double[] bounds = new double[DurationBuckets.COUNT];
        for (int bucket = 0; bucket < bounds.length; bucket++) {
            bounds[bucket] = DurationBuckets.upperBoundSeconds(bucket);
        }
        return bounds;
    }

    private static final class Histogram implements Collector {
        private final MetricMetadata metadata;
        private final Map<Labels, Supplier<List<Durations>>> rows = new ConcurrentHashMap<>();

        Histogram(BrokerMeter meter) {
            metadata = new MetricMetadata(meter.prometheusName(), meter.description());
        }

        @Override
        public MetricSnapshot collect() {
            List<HistogramDataPointSnapshot> points = new ArrayList<>(rows.size());
            rows.forEach((labels, durations) -> points.add(point(labels, durations.get())));
            return new HistogramSnapshot(metadata, points);
        }

        private static HistogramDataPointSnapshot point(Labels labels, List<Durations> parts) {
            long[] counts = new long[DurationBuckets.COUNT];
            long nanos = 0;
            for (Durations part : parts) {
                for (int bucket = 0; bucket < counts.length; bucket++) {
                    counts[bucket] += part.count(bucket);
                }
                nanos += part.nanos();
            }
            return new HistogramDataPointSnapshot(
                    ClassicHistogramBuckets.of(UPPER_BOUNDS, counts),
                    nanos / NANOS_PER_SECOND,
                    labels,
                    Exemplars.EMPTY,
                    0);
        }
    }
}
