package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.SampleText;
import io.milena.compat.harness.StockTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** kcat, and so librdkafka: writes and reads a text, alone and across with Kafka's own console tools. */
class KcatClientIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final int PARTS = 12;

    @ParameterizedTest
    @CsvSource({"none,0", "none,1", "none,all", "gzip,1", "snappy,all", "lz4,0", "zstd,all", "zstd,1"})
    void shouldKeepEveryByte(String codec, String acks) throws Exception {
        String topic = BROKER.topic("kcat-" + codec + "-" + acks, 1);
        Path text = text(1);
        kcat(text, "-P", "-t", topic, "-z", codec, "-X", "acks=" + acks);
        assertThat(Files.mismatch(text, kcat(null, "-C", "-t", topic, "-o", "beginning", "-e")))
                .isEqualTo(-1);
        assertThat(Files.mismatch(text, consoleConsumer(topic, text))).isEqualTo(-1);
    }

    @Test
    void shouldReadWhatJavaWrote() throws Exception {
        String topic = BROKER.topic("kcat-reads-java", 1);
        Path text = text(2);
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            StockTool.of("ConsoleProducer")
                    .run(
                            text,
                            List.of(
                                    "--bootstrap-server",
                                    BROKER.bootstrap(),
                                    "--topic",
                                    topic,
                                    "--compression-codec",
                                    codec))
                    .succeeded();
        }
        String expected = Files.readString(text).repeat(5);
        assertThat(Files.readString(kcat(null, "-C", "-t", topic, "-o", "beginning", "-e")))
                .isEqualTo(expected);
    }

    @Test
    void shouldShareGroupAndResumeFromCommittedOffsets() throws Exception {
        String topic = BROKER.topic("kcat-group", 3);
        List<String> values =
                IntStream.range(0, 300).mapToObj(i -> "value " + i).toList();
        Path text = Files.write(text(3).resolveSibling("values"), values);
        kcat(text, "-P", "-t", topic, "-X", "enable.idempotence=true");
        List<String> read = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path part = kcat(null, "-G", "kcat-group", "-c", "100", "-X", "auto.offset.reset=earliest", topic);
            read.addAll(Files.readAllLines(part));
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(values);
    }

    @Test
    void shouldListTopicsAndFindOffsetsByTime() throws Exception {
        String topic = BROKER.topic("kcat-query", 2);
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>(topic, 1, 1_600_000_000_000L + i, "key", "value " + i))
                        .get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(Files.readString(kcat(null, "-L", "-t", topic)))
                .contains(
                        "1 brokers:",
                        "broker 1 at " + BROKER.bootstrap(),
                        "topic \"" + topic + "\" with 2 partitions:");
        assertThat(Files.readString(kcat(null, "-Q", "-t", topic + ":1:1600000000004")))
                .contains(topic + " [1] offset 4");
        assertThat(Files.readString(kcat(null, "-C", "-t", topic, "-p", "1", "-o", "7", "-e", "-f", "%o %T %k %s\\n")))
                .startsWith("7 1600000000007 key value 7\n");
    }

    /** A part of the sample without empty lines, which kcat does not send. */
    private static Path text(int part) throws IOException {
        Path source = SampleText.parts(PARTS).get(part);
        try (Stream<String> lines = Files.lines(source)) {
            return Files.write(
                    source.resolveSibling("lines"),
                    lines.filter(line -> !line.isEmpty()).toList());
        }
    }

    private static Path kcat(Path stdin, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kcat", "-q", "-b", BROKER.bootstrap()));
        command.addAll(List.of(arguments));
        return CommandResult.of("kcat", command, stdin).succeeded().stdoutFile();
    }

    private static Path consoleConsumer(String topic, Path text) throws IOException {
        String lines = Integer.toString(SampleText.lines(text));
        return StockTool.of("consumer.ConsoleConsumer")
                .run(
                        "--bootstrap-server",
                        BROKER.bootstrap(),
                        "--topic",
                        topic,
                        "--from-beginning",
                        "--max-messages",
                        lines,
                        "--timeout-ms",
                        "30000")
                .succeeded()
                .stdoutFile();
    }
}
