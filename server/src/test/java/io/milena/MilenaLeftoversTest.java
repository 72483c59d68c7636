package io.milena;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.testing.NothingLeftOver;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the process holds after brokers were closed: threads, descriptors and mappings as before. Descriptors are Linux's only. */
@ExtendWith(NothingLeftOver.class)
class MilenaLeftoversTest {
    private static final int ROUNDS = 100;
    private static final int RECORDS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    @Test
    void shouldLeaveNothingHoweverOftenItIsStarted() throws IOException {
        Milena.start().close(); // what is loaded once stays
        Map<String, Integer> before = descriptors();
        for (int i = 0; i < ROUNDS; i++) {
            Milena.builder().topic("orders", 2).start().close();
        }
        assertThat(descriptorsLike(before)).isEqualTo(before);
    }

    @Test
    void shouldLeaveNothingAfterClientsUsedIt() throws IOException {
        Path data;
        try (Milena broker = Milena.builder().topic("orders", 1).start()) {
            data = broker.dataFolder();
            produce(broker);
            assertThat(consume(broker)).isEqualTo(RECORDS);
            broker.restart();
            assertThat(consume(broker)).isEqualTo(RECORDS);
        }
        assertThat(data).doesNotExist();
        assertThat(descriptors().keySet()).noneMatch(name -> name.contains(data.toString()));
        if (Files.exists(MAPPINGS)) {
            assertThat(Files.readAllLines(MAPPINGS)).noneMatch(line -> line.contains(data.toString()));
        }
    }

    private static void produce(Milena broker) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("orders", new byte[] {(byte) i}));
            }
        }
    }

    private static int consume(Milena broker) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                "group-" + System.nanoTime(),
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            int count = 0;
            long deadlineNs = System.nanoTime() + LIMIT.toNanos();
            while (count < RECORDS && System.nanoTime() < deadlineNs) {
                count += consumer.poll(Duration.ofMillis(100)).count();
            }
            return count;
        }
    }

    /** Sockets of clients close a moment after the broker. */
    private static Map<String, Integer> descriptorsLike(Map<String, Integer> wanted) throws IOException {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        Map<String, Integer> found = descriptors();
        while (!found.equals(wanted) && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(PAUSE_NS);
            found = descriptors();
        }
        return found;
    }

    /** How many there are of each kind; sockets and the like are of a kind, files are each their own. Jars are loaded when needed. */
    private static Map<String, Integer> descriptors() throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return kinds;
        }
        try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path link : links) {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (!target.endsWith(".jar") && !target.startsWith("/proc/")) {
                        kinds.merge(target.replaceAll("^(socket|pipe):.*", "$1"), 1, Integer::sum);
                    }
                } catch (NoSuchFileException e) {
                    // closed while looking
                    continue;
                }
            }
        }
        return kinds;
    }
}
