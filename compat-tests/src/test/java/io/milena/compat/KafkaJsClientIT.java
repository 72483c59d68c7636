package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.Readers;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.SampleText;
import io.milena.compat.harness.StockTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** kafkajs, a client that speaks old versions of the protocol only: writes and reads a text, alone and across with Java. */
class KafkaJsClientIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final int PARTS = 12;
    private static final long FIRST_MS = 1_700_000_000_000L;

    @ParameterizedTest
    @CsvSource({"none,0", "none,1", "none,-1", "gzip,-1", "snappy,1", "none,idempotent"})
    void shouldKeepEveryByte(String codec, String acks) throws Exception {
        String topic = BROKER.topic("js-" + codec + acks, 1);
        Path text = SampleText.parts(PARTS).get(5);
        kafkaJs("produce", topic, codec, acks, text.toString());
        Path read = kafkaJs("consume", topic, "js-" + codec + acks, lines(text));
        assertThat(Files.mismatch(text, read)).isEqualTo(-1);
        Path readByJava = StockTool.of("consumer.ConsoleConsumer")
                .run(
                        "--bootstrap-server",
                        BROKER.bootstrap(),
                        "--topic",
                        topic,
                        "--from-beginning",
                        "--max-messages",
                        lines(text),
                        "--timeout-ms",
                        "30000")
                .succeeded()
                .stdoutFile();
        assertThat(Files.mismatch(text, readByJava)).isEqualTo(-1);
    }

    @Test
    void shouldReadWhatJavaWroteAndResume() throws Exception {
        String topic = BROKER.topic("js-reads-java", 1);
        Path text = SampleText.parts(PARTS).get(6);
        StockTool.of("ConsoleProducer")
                .run(
                        text,
                        List.of(
                                "--bootstrap-server",
                                BROKER.bootstrap(),
                                "--topic",
                                topic,
                                "--compression-codec",
                                "gzip"))
                .succeeded();
        int lines = SampleText.lines(text);
        String first = Files.readString(kafkaJs("consume", topic, "js-resume", Integer.toString(lines / 2)));
        String rest = Files.readString(kafkaJs("consume", topic, "js-resume", Integer.toString(lines - lines / 2)));
        assertThat(first + rest).isEqualTo(Files.readString(text));
    }

    @Test
    void shouldCommitSeekAndPause() throws Exception {
        String topic = BROKER.topic("js-moves", 1);
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of())) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>(topic, 0, FIRST_MS + i, null, Integer.toString(i)))
                        .get();
            }
        }
        assertThat(Files.readString(kafkaJs("move", topic, Long.toString(FIRST_MS + 70))))
                .isEqualTo("0 50 51 70 52\n");
    }

    @Test
    void shouldAdministerTopics() throws IOException {
        assertThat(Files.readString(kafkaJs("administer", "js-admin")))
                .contains(
                        "\"partitions\":4",
                        "cleanup.policy=delete",
                        "retention.ms=7200000",
                        "\"offsets\":[\"0\",\"0\",\"0\",\"0\"]")
                .contains("\"brokers\":1", "\"listed\":false");
    }

    @Test
    void shouldCommitAndAbortTransactions() throws IOException {
        String topic = BROKER.topic("js-transactions", 1);
        assertThat(Files.readString(kafkaJs("transact", topic, "js-offsets", "5")))
                .isEqualTo("15\n");
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5; i++) {
                expected.add("committed-" + round + "-" + i);
            }
        }
        assertThat(Readers.committed(BROKER, topic, 1).get(0)).isEqualTo(expected);
        assertThat(Readers.uncommitted(BROKER, topic, 1).get(0)).hasSize(20);
        assertThat(Files.readString(kafkaJs("consume", topic, "js-isolated", "10"))
                        .lines()
                        .toList())
                .isEqualTo(expected);
    }

    private static String lines(Path text) throws IOException {
        return Integer.toString(SampleText.lines(text));
    }

    private static Path kafkaJs(String... arguments) {
        String program = Folders.module().resolve("src/test/node/client.js").toString();
        List<String> command = new ArrayList<>(List.of("node", program, BROKER.bootstrap()));
        command.addAll(List.of(arguments));
        return CommandResult.of("kafkajs", command, null).succeeded().stdoutFile();
    }
}
