package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.StockTool;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** The log of requests, which the stock tool switches on and off while the broker runs. */
class RequestLogIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Test
    void shouldNameEachRequestWhileItIsSwitchedOn() throws Exception {
        try (BrokerProcess broker = new BrokerProcess(BrokerKind.MILENA, Map.of()).start()) {
            ask(broker, "before");
            level(broker, "DEBUG");
            ask(broker, "meanwhile");
            Waiting.until(
                    "the line of a request",
                    TIMEOUT,
                    () -> broker.process()
                            .stdout()
                            .lines()
                            .anyMatch(line -> line.contains("clientId=meanwhile api=DESCRIBE_CLUSTER version=")
                                    && line.contains("client=127.0.0.1:")),
                    broker.process()::tail);
            level(broker, "INFO");
            ask(broker, "after");
            assertThat(broker.terminate()).isIn(0, 143);
            assertThat(broker.process().stdout()).doesNotContain("clientId=before", "clientId=after");
        }
    }

    private static void level(BrokerProcess broker, String level) {
        StockTool.of("kafka.admin.ConfigCommand")
                .run(
                        "--bootstrap-server",
                        broker.bootstrap(),
                        "--alter",
                        "--entity-type",
                        "broker-loggers",
                        "--entity-name",
                        "1",
                        "--add-config",
                        "milena.request=" + level)
                .succeeded();
    }

    private static void ask(BrokerProcess broker, String clientId) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap(), "client.id", clientId))) {
            admin.describeCluster().nodes().get();
        }
    }
}
