package io.milena.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.milena.protocol.ApiKey;
import io.milena.server.metrics.BrokerMeter.Kind;
import io.milena.server.metrics.BrokerMeter.Unit;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one broker in one registry, which belongs to somebody else; they are taken out again when this is closed. All of them
 * read numbers that are counted elsewhere, when the registry asks. Any thread.
 */
public final class BrokerMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final RequestStatistics requests;
    private final RequestStatistics.Listener newRequests = new NewRequests();
    private final @Nullable PrometheusHistograms histograms;
    private final Queue<Shown> shown = new ConcurrentLinkedQueue<>();

    /** A meter and what it reads, which Micrometer itself does not keep from being collected. */
    private record Shown(Meter meter, Object source) {}

    /** Meters in a registry, those of requests to begin with. */
    public BrokerMetrics(MeterRegistry registry, RequestStatistics requests) {
        this.registry = registry;
        this.requests = requests;
        histograms = PrometheusHistograms.of(registry);
        show(BrokerMeter.RECEIVED_BYTES, () -> requests.sum(RequestCounts::requestBytes));
        show(BrokerMeter.SENT_BYTES, () -> requests.sum(RequestCounts::responseBytes));
        show(BrokerMeter.CONNECTIONS_ACCEPTED, requests::connectionsAccepted);
        show(BrokerMeter.CONNECTIONS_REFUSED, requests::connectionsRefused);
        show(BrokerMeter.REQUESTS_INVALID, requests::requestsInvalid);
        show(BrokerMeter.REQUESTS_SLOW, requests::requestsSlow);
        requests.subscribe(newRequests);
    }

    /** Shows a counter or a gauge, as the supplier knows it; on whatever thread the registry reads it. */
    public void show(BrokerMeter meter, DoubleSupplier value, String... tagValues) {
        shown.add(new Shown(register(meter, value, tagValues), value));
    }

    /** Shows durations, counted in several places perhaps. */
    public void show(BrokerMeter meter, Supplier<List<Durations>> durations, String... tagValues) {
        if (histograms != null) {
            histograms.add(meter, durations, List.of(tagValues));
            return;
        }
        Meter timer = FunctionTimer.builder(
                        meter.meterName(),
                        durations,
                        parts -> sum(parts.get()),
                        parts -> (double) nanos(parts.get()),
                        TimeUnit.NANOSECONDS)
                .description(meter.description())
                .tags(tags(meter, tagValues))
                .register(registry);
        shown.add(new Shown(timer, durations));
    }

    /** Rows of a counter or a gauge that come and go. */
    public MeterRows rows(BrokerMeter meter) {
        return new MeterRows((value, tagValues) -> register(meter, value, tagValues), registry);
    }

    /** Takes all meters out of the registry, but for rows, which have owners of their own. */
    @Override
    public void close() {
        requests.unsubscribe(newRequests);
        shown.forEach(meter -> registry.remove(meter.meter()));
        shown.clear();
        if (histograms != null) {
            histograms.close();
        }
    }

    private Meter register(BrokerMeter meter, DoubleSupplier value, String... tagValues) {
        String unit = meter.unit() == Unit.NONE ? null : meter.unit().name().toLowerCase(Locale.ROOT);
        Tags tags = tags(meter, tagValues);
        if (meter.kind() == Kind.COUNTER) {
            return FunctionCounter.builder(meter.meterName(), value, DoubleSupplier::getAsDouble)
                    .description(meter.description())
                    .baseUnit(unit)
                    .tags(tags)
                    .register(registry);
        }
        return Gauge.builder(meter.meterName(), value, DoubleSupplier::getAsDouble)
                .description(meter.description())
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private static Tags tags(BrokerMeter meter, String... values) {
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(meter.tags().get(i), values[i]);
        }
        return tags;
    }

    private static long sum(List<Durations> parts) {
        long count = 0;
        for (Durations part : parts) {
            count += part.count();
        }
        return count;
    }

    private static long nanos(List<Durations> parts) {
        long nanos = 0;
        for (Durations part : parts) {
            nanos += part.nanos();
        }
        return nanos;
    }

    /** An API as Kafka calls it, such as OffsetCommit. */
    static String nameOf(ApiKey api) {
        StringBuilder name = new StringBuilder();
        for (String word : api.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /** Gives every API, version and error its meters when it occurs. */
    private final class NewRequests implements RequestStatistics.Listener {
        @Override
        public void appeared(RequestStatistics.Answered answered) {
            String[] tags = {nameOf(answered.api()), Integer.toString(answered.version())};
            show(BrokerMeter.REQUESTS, () -> requests.sum(answered, RequestCounts::count), tags);
            show(BrokerMeter.REQUEST_BYTES, () -> requests.sum(answered, RequestCounts::requestBytes), tags);
            show(BrokerMeter.RESPONSE_BYTES, () -> requests.sum(answered, RequestCounts::responseBytes), tags);
            show(BrokerMeter.REQUEST_DURATION, () -> requests.durations(answered), tags);
        }

        @Override
        public void appeared(RequestStatistics.Failed failed) {
            show(
                    BrokerMeter.REQUEST_ERRORS,
                    () -> requests.errors(failed),
                    nameOf(failed.api()),
                    failed.error().name());
        }
    }
}
