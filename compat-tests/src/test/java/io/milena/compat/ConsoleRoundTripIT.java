package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.SampleText;
import io.milena.compat.harness.StockTool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A text of 50 MiB through kafka-console-producer and back through kafka-console-consumer, byte for byte. */
class ConsoleRoundTripIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final StockTool PRODUCER = StockTool.of("ConsoleProducer");
    private static final StockTool CONSUMER = StockTool.of("consumer.ConsoleConsumer");

    @Test
    void shouldKeepEveryByteWithEveryCodecAndAcknowledgement() throws Exception {
        String topic = BROKER.topic("console-codecs", 1);
        List<String[]> ways = new ArrayList<>();
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            for (String acks : List.of("0", "1", "all")) {
                ways.add(new String[] {codec, acks});
            }
        }
        List<Path> parts = SampleText.parts(ways.size());
        for (int i = 0; i < parts.size(); i++) {
            produce(parts.get(i), topic, ways.get(i)[0], ways.get(i)[1]);
        }
        Path read = consume(topic, SampleText.lines(SampleText.file()), "--from-beginning");
        assertThat(Files.mismatch(SampleText.file(), read)).isEqualTo(-1);
    }

    @Test
    void shouldKeepEveryByteOfOneLargeTextWithoutCompression() throws Exception {
        String topic = BROKER.topic("console-plain", 1);
        produce(SampleText.file(), topic, "none", "1");
        Path read = consume(topic, SampleText.lines(SampleText.file()), "--partition", "0", "--offset", "earliest");
        assertThat(Files.mismatch(SampleText.file(), read)).isEqualTo(-1);
    }

    @Test
    void shouldKeepEveryByteThroughConsumerGroup() throws Exception {
        String topic = BROKER.topic("console-group", 1);
        produce(SampleText.file(), topic, "zstd", "all");
        int lines = SampleText.lines(SampleText.file());
        Path first = consume(topic, lines / 3, "--group", "console", "--from-beginning");
        Path second = consume(topic, lines - lines / 3, "--group", "console");
        Path both = first.resolveSibling("both");
        try (OutputStream output = Files.newOutputStream(both)) {
            Files.copy(first, output);
            Files.copy(second, output);
        }
        assertThat(Files.mismatch(SampleText.file(), both)).isEqualTo(-1);
    }

    @Test
    void shouldCreateTopicWhenFirstRecordArrives() throws IOException, InterruptedException, ExecutionException {
        Path line = SampleText.parts(1000).get(500);
        produce(line, "console-auto-created", "none", "all");
        Path read = consume("console-auto-created", SampleText.lines(line), "--from-beginning");
        assertThat(Files.mismatch(line, read)).isEqualTo(-1);
    }

    private static void produce(Path text, String topic, String codec, String acks) {
        CommandResult result = PRODUCER.run(
                text,
                List.of(
                        "--bootstrap-server",
                        BROKER.bootstrap(),
                        "--topic",
                        topic,
                        "--compression-codec",
                        codec,
                        "--request-required-acks",
                        acks));
        assertThat(result.succeeded().stderr()).doesNotContain("ERROR", "Exception");
    }

    private static Path consume(String topic, int lines, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", BROKER.bootstrap(), "--topic", topic));
        arguments.addAll(List.of("--max-messages", Integer.toString(lines), "--timeout-ms", "30000"));
        arguments.addAll(List.of(more));
        return CONSUMER.run(null, arguments).succeeded().stdoutFile();
    }
}
