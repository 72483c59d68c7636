package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.Dashboard;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.MeasuredBroker;
import io.milena.compat.harness.Ports;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A real Prometheus server scrapes the broker and answers everything the dashboard asks. Runs with {@code -Pprometheus}. */
class PrometheusIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Ports.free();

    @Test
    void shouldAnswerEveryQueryOfTheDashboard() throws IOException {
        try (MeasuredBroker broker = new MeasuredBroker().start();
                ChildProcess prometheus = prometheus(broker.adminAddress())) {
            List<String> queries = Dashboard.queries();
            assertThat(queries).hasSizeGreaterThan(40);
            for (String query : queries) {
                Waiting.until(
                        "data for " + query,
                        TIMEOUT,
                        () -> {
                            broker.work();
                            return hasData(query, prometheus);
                        },
                        () -> ask(query));
            }
        }
    }

    private ChildProcess prometheus(String target) throws IOException {
        Path folder = Folders.fresh("prometheus");
        Path configuration = folder.resolve("prometheus.yml");
        Files.writeString(configuration, """
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: milena
                    static_configs:
                      - targets: ['%s']
                """.formatted(target));
        return ChildProcess.start(
                "prometheus",
                List.of(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn"),
                folder,
                ProcessBuilder.Redirect.PIPE);
    }

    private boolean hasData(String query, ChildProcess prometheus) {
        assertThat(prometheus.alive()).as(prometheus.tail()).isTrue();
        String answer = ask(query);
        return answer.contains("\"status\":\"success\"") && !answer.contains("\"result\":[]");
    }

    /** The answer, or why there is none yet. */
    private String ask(String query) {
        try {
            return MeasuredBroker.get(
                            http,
                            "http://127.0.0.1:" + port + "/api/v1/query?query="
                                    + URLEncoder.encode(query, StandardCharsets.UTF_8))
                    .body();
        } catch (UncheckedIOException e) {
            return e.toString();
        }
    }
}
