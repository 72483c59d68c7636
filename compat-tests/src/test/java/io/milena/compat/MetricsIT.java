package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Dashboard;
import io.milena.compat.harness.MeasuredBroker;
import io.milena.compat.harness.Waiting;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The admin port of the packaged program, and the names that the dashboard asks for. */
class MetricsIT {
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z0-9_]+)[{ ]");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Test
    void shouldServeEverySeriesOfTheDashboard() {
        try (MeasuredBroker broker = new MeasuredBroker().start()) {
            broker.work();

            assertThat(broker.page("/health/live").statusCode()).isEqualTo(200);
            assertThat(broker.page("/health/ready").statusCode()).isEqualTo(200);
            Waiting.until(
                    "all series",
                    TIMEOUT,
                    () -> missing(broker).isEmpty(),
                    () -> missing(broker) + " of " + broker.page("/metrics").body());
            assertThat(broker.page("/metrics").body())
                    .contains("milena_group_lag{group=\"measured\",partition=\"0\",topic=\"measured\"}")
                    .contains("milena_transactions{state=")
                    .contains("milena_request_errors_total{api=\"DeleteGroups\",error=\"NON_EMPTY_GROUP\"} 1.0");
        }
    }

    private static Set<String> missing(MeasuredBroker broker) {
        HttpResponse<String> page = broker.page("/metrics");
        assertThat(page.statusCode()).isEqualTo(200);
        Set<String> missing = new TreeSet<>(Dashboard.names());
        Matcher series = SERIES.matcher(page.body());
        while (series.find()) {
            missing.remove(series.group(1));
        }
        return missing;
    }
}
