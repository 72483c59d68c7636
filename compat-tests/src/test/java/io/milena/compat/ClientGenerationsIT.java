package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ClientProcess;
import io.milena.compat.harness.RunningBroker;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The Java client as it was released over eight years, each generation with the libraries of its time. */
class ClientGenerationsIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final List<String> GENERATIONS = ClientProcess.GENERATIONS;
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final int COUNT = 40;

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldProduceAndConsume(String generation) {
        String topic = "records-" + generation;
        try (ClientProcess client = client(generation)) {
            client.command("create " + topic + " 1");
            long expected = 0;
            for (String codec : CODECS) {
                for (String reliability : List.of("acks=1", "acks=all", "acks=all enable.idempotence=true")) {
                    String settings = reliability + " compression.type=" + codec;
                    String answer = last(client.command("produce " + topic + " 0 " + COUNT + " " + settings));
                    assertThat(answer).as(settings).isEqualTo("ok " + expected + " " + (expected + COUNT - 1));
                    expected += COUNT;
                }
            }
            List<String> records = client.command("consume group-" + generation + " " + topic + " " + expected);
            assertThat(records).hasSize((int) expected + 1).last().isEqualTo("ok " + expected);
            for (int offset = 0; offset < expected; offset++) {
                assertThat(records.get(offset)).isEqualTo(record(offset));
            }
            assertThat(last(client.command("committed group-" + generation + " " + topic + " 0")))
                    .isEqualTo("ok " + expected);
        }
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldProduceWithoutAcknowledgement(String generation) {
        String topic = "unacknowledged-" + generation;
        try (ClientProcess client = client(generation)) {
            client.command("create " + topic + " 1");
            for (String codec : CODECS) {
                client.command("produce " + topic + " 0 " + COUNT + " acks=0 linger.ms=20 compression.type=" + codec);
            }
            int expected = CODECS.size() * COUNT;
            List<String> records = client.command("consume group0-" + generation + " " + topic + " " + expected);
            assertThat(records).hasSize(expected + 1).last().isEqualTo("ok " + expected);
        }
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldFindOffsetsAndSeek(String generation) {
        String topic = "seek-" + generation;
        try (ClientProcess client = client(generation)) {
            client.command("create " + topic + " 3");
            client.command("produce " + topic + " 2 " + COUNT + " linger.ms=50 compression.type=lz4");
            assertThat(last(client.command("offset-for-time " + topic + " 2 1017")))
                    .isEqualTo("ok 17 1017");
            assertThat(last(client.command("offset-for-time " + topic + " 2 5000")))
                    .isEqualTo("ok none");
            assertThat(last(client.command("read-at " + topic + " 2 23")))
                    .isEqualTo("ok 2 23 1023 key-23 value-23-lz4");
        }
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldAdministerTopics(String generation) {
        String topic = "admin-" + generation;
        try (ClientProcess client = client(generation)) {
            client.command("create " + topic + " 5");
            assertThat(last(client.command("describe " + topic)))
                    .contains("name=" + topic, "partition=4", "leader=127.0.0.1");
            client.command("delete " + topic);
            client.command("create " + topic + " 2");
            assertThat(last(client.command("describe " + topic)))
                    .contains("partition=1")
                    .doesNotContain("partition=2");
        }
    }

    private static ClientProcess client(String generation) {
        return ClientProcess.start(generation, "ClientProgram", List.of(BROKER.bootstrap()));
    }

    private static String record(int offset) {
        int i = offset % COUNT;
        String codec = CODECS.get(offset / (3 * COUNT));
        return "0 " + offset + " " + (1000 + i) + " key-" + i + " value-" + i + "-" + codec;
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }
}
