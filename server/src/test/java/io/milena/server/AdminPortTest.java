package io.milena.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.milena.protocol.ApiKey;
import io.milena.protocol.message.MetadataRequest;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.InvalidSettingException;
import io.milena.server.testing.HttpCall;
import io.milena.server.testing.NothingLeftOver;
import io.milena.server.testing.WireClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftOver.class)
class AdminPortTest {
    @TempDir
    Path folder;

    @Test
    void shouldHaveNoPortUnlessWanted() {
        try (Broker broker = Broker.start(settings(Map.of()))) {
            assertThat(broker.adminAddress()).isEmpty();
        }
    }

    @Test
    void shouldServeHealthAndMetrics() throws IOException {
        try (Broker broker = Broker.start(settings(Map.of("milena.admin.listener", "127.0.0.1:0")))) {
            int port = broker.adminAddress().orElseThrow().getPort();
            ask(broker);

            assertThat(HttpCall.get(port, "/health/live")).contains("200 OK", "ready");
            assertThat(HttpCall.get(port, "/health/ready")).contains("200 OK", "ready");
            assertThat(HttpCall.get(port, "/nothing")).contains("404 Not Found");
            assertThat(HttpCall.get(port, "/metrics"))
                    .contains(
                            "200 OK",
                            "Content-Type: text/plain; version=0.0.4",
                            "milena_requests_total{api=\"Metadata\",version=\"13\"} 1",
                            "milena_request_duration_seconds_bucket{api=\"Metadata\",version=\"13\",le=\"+Inf\"} 1",
                            "milena_connections{listener=\"PLAINTEXT\"}",
                            "milena_loop_cpu_seconds_total{loop=\"0\"}",
                            "jvm_memory_used_bytes");
            assertThat(HttpCall.send(port, "GET /metrics HTTP/1.1\r\nAccept: application/openmetrics-text\r\n\r\n"))
                    .contains("application/openmetrics-text")
                    .endsWith("# EOF\n");
        }
    }

    @Test
    void shouldShowEverythingInARegistryThatIsGiven() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Broker broker = Broker.start(settings(Map.of()), registry)) {
            ask(broker);
            assertThat(registry.get("milena.requests")
                            .tag("api", "Metadata")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("milena.folders.offline").gauge().value()).isZero();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void shouldRefuseAnAddressThatIsNone() {
        assertThatThrownBy(() -> settings(Map.of("milena.admin.listener", "9644")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("milena.admin.listener cannot be \"9644\": it takes host:port with a port up to 65535");
    }

    @Test
    void shouldNotStartWhereThePortIsTaken() {
        try (Broker broker = Broker.start(settings(Map.of("milena.admin.listener", "127.0.0.1:0")))) {
            String taken = "127.0.0.1:" + broker.adminAddress().orElseThrow().getPort();
            Map<String, String> other =
                    Map.of("log.dirs", folder.resolve("other").toString(), "milena.admin.listener", taken);
            assertThatThrownBy(() -> Broker.start(settings(other)))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("cannot listen on ADMIN://" + taken);
        }
    }

    private BrokerSettings settings(Map<String, String> more) {
        Map<String, String> file = new HashMap<>(Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:0",
                "log.dirs",
                folder.resolve("data").toString()));
        file.putAll(more);
        return BrokerSettings.of(file);
    }

    private static void ask(Broker broker) throws IOException {
        try (WireClient client = new WireClient(broker.port("PLAINTEXT"))) {
            client.call(ApiKey.METADATA, 13, new MetadataRequest().topics(null));
        }
    }
}
