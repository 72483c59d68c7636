package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.RawConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/**
 * The tables in {@code docs}: APIs and versions, as both brokers announce them, and the clients that tests run. With
 * {@code -Dtable=write} the test writes them anew.
 */
class CompatibilityTableIT {

    private static final String HEAD = """
            # APIs and versions

            What Apache Kafka 4.3.1 and Milena announce to clients, as `CompatibilityTableIT` found it (`-Dtable=write` writes this file anew).
            Which clients are tested: [below](#clients). Where answers to a served request differ: [differences.md](differences.md). Not announced
            by either without a receiver of metrics, but answered: GetTelemetrySubscriptions 0, PushTelemetry 0.

            | key | API | Kafka | Milena | Kafka, controller's listener | Milena, controller's listener |
            | ---: | --- | --- | --- | --- | --- |
            """;

    @Test
    void shouldBeWhatTheBrokersAnnounce() throws IOException {
        String table;
        try (BrokerProcess kafka = new BrokerProcess(BrokerKind.KAFKA, Map.of());
                BrokerProcess milena = new BrokerProcess(BrokerKind.MILENA, Map.of())) {
            kafka.start();
            milena.start();
            table = table(
                    announced(kafka.port()),
                    announced(milena.port()),
                    announced(kafka.controllerPort()),
                    announced(milena.controllerPort()));
        }
        table += TestedClients.text();
        Path file = Folders.module().resolveSibling("docs").resolve("compatibility.md");
        if (System.getProperty("table", "check").equals("write")) {
            Files.writeString(file, table);
        }
        assertThat(file).hasContent(table);
    }

    private static String table(
            Map<Integer, String> kafka,
            Map<Integer, String> milena,
            Map<Integer, String> kafkaController,
            Map<Integer, String> milenaController) {
        StringBuilder table = new StringBuilder(HEAD);
        Map<Integer, String> all = new TreeMap<>(kafka);
        all.putAll(kafkaController);
        for (int key : all.keySet()) {
            table.append("| %d | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            key,
                            ApiKeys.forId(key).name,
                            kafka.getOrDefault(key, ""),
                            milena.getOrDefault(key, ""),
                            kafkaController.getOrDefault(key, ""),
                            milenaController.getOrDefault(key, "")));
        }
        assertThat(all.keySet()).containsAll(milena.keySet()).containsAll(milenaController.keySet());
        return table.toString();
    }

    /** The versions that a listener announces in ApiVersions 0, by API key. */
    private static Map<Integer, String> announced(int port) throws IOException {
        try (RawConnection connection = RawConnection.open(port)) {
            connection.request(ApiKeys.API_VERSIONS.id, 0, 1, new byte[0]);
            ByteBuffer response = connection.response();
            assertThat(response.getInt()).as("correlation id").isEqualTo(1);
            assertThat(response.getShort()).as("error").isZero();
            Map<Integer, String> versions = new TreeMap<>();
            int count = response.getInt();
            for (int i = 0; i < count; i++) {
                int key = response.getShort();
                int lowest = response.getShort();
                int highest = response.getShort();
                versions.put(key, lowest == highest ? String.valueOf(lowest) : lowest + "-" + highest);
            }
            return versions;
        }
    }
}
