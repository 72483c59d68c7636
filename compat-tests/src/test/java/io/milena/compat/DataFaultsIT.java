package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.PartitionReader;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files and folders of partitions that somebody else deletes, replaces or takes the rights to, while the broker runs and while it does
 * not: the log names the partition, and no other one suffers. The broker runs without the privilege to ignore permissions.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DataFaultsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Map<String, String> SMALL_SEGMENTS = Map.of("internal.segment.bytes", "20000");
    private static final int RECORDS = 100;
    private static final String VALUE = "x".repeat(1000);

    private BrokerProcess broker;

    @BeforeEach
    void start() {
        broker = new BrokerProcess(BrokerKind.MILENA, Map.of())
                .by("setpriv", "--bounding-set=-all", "--inh-caps=-all")
                .start();
    }

    @AfterEach
    void close() throws IOException {
        try (Stream<Path> folders = Files.list(broker.dataFolder())) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                permit(folder, "rwxr-xr-x");
            }
        }
        broker.close();
    }

    @Test
    void shouldServeTheOthersAfterAStartWithDamagedPartitions() throws Exception {
        List<String> topics = List.of("healthy", "unindexed", "gone", "locked", "replaced", "holed");
        for (String topic : topics) {
            broker.topic(topic, 1, SMALL_SEGMENTS);
            send(topic, RECORDS);
        }
        broker.terminate();
        delete("unindexed", ".index");
        delete("unindexed", ".timeindex");
        delete("unindexed", ".snapshot");
        Folders.delete(folder("gone"));
        permit(folder("locked"), "---------");
        Folders.delete(folder("replaced"));
        Files.createFile(folder("replaced"));
        Files.delete(files("holed", ".log").get(2));
        broker.start();

        assertServes("healthy", RECORDS);
        assertServes("unindexed", RECORDS);
        assertServes("gone", 0);
        assertThat(log())
                .contains("partitions had no folder and were made anew")
                .contains("gone-0");
        assertRefuses("locked");
        assertThat(log()).contains("partition=locked-0 reason=").contains("Permission denied");
        assertRefuses("replaced");
        assertThat(log()).contains("partition=replaced-0 reason=");
        assertThat(log()).contains("segment-missing").contains("holed-0");
        assertThat(PartitionReader.read(broker.bootstrap(), new TopicPartition("holed", 0), Map.of()))
                .hasSizeBetween(1, RECORDS - 1);

        permit(folder("locked"), "rwxr-xr-x");
        awaitServes("locked", RECORDS);
    }

    @Test
    void shouldServeTheOthersWhilePartitionsAreDamaged() throws Exception {
        List<String> topics = List.of("healthy", "gone", "locked", "holed");
        for (String topic : topics) {
            broker.topic(topic, 1, SMALL_SEGMENTS);
            send(topic, RECORDS);
        }
        Folders.delete(folder("gone"));
        permit(folder("locked"), "---------");
        Files.delete(files("holed", ".log").get(2));

        awaitRefuses("gone");
        awaitRefuses("locked");
        assertServes("healthy", RECORDS);
        send("holed", RECORDS);
        assertThat(log()).contains("gone-0").contains("locked-0").doesNotContain("data folder failed");
        assertServes("healthy", RECORDS + 1);
    }

    @Test
    void shouldSurviveMissingNotesOfTheFolder() throws Exception {
        broker.topic("healthy", 1, SMALL_SEGMENTS);
        send("healthy", RECORDS);
        broker.terminate();
        for (String note : List.of(
                "recovery-point-offset-checkpoint", "replication-offset-checkpoint", "log-start-offset-checkpoint")) {
            Files.deleteIfExists(broker.dataFolder().resolve(note));
        }
        Files.delete(folder("healthy").resolve("partition.metadata"));
        broker.start();
        assertServes("healthy", RECORDS);
    }

    private void assertServes(String topic, int records) throws Exception {
        assertThat(PartitionReader.read(broker.bootstrap(), new TopicPartition(topic, 0), Map.of()))
                .as(topic)
                .hasSize(records);
        send(topic, 1);
    }

    private void awaitServes(String topic, int records) throws Exception {
        Waiting.until(topic + " to be served", TIMEOUT, () -> accepts(topic), this::log);
        assertServes(topic, records + 1);
    }

    private void assertRefuses(String topic) {
        assertThat(accepts(topic)).as(topic).isFalse();
    }

    /** What is damaged may go unnoticed until something new is to be written there. */
    private void awaitRefuses(String topic) {
        Waiting.until(topic + " to be refused", TIMEOUT, () -> !accepts(topic), this::log);
    }

    private boolean accepts(String topic) {
        try {
            send(topic, 1);
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void send(String topic, int records) throws InterruptedException, ExecutionException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrap(),
                "request.timeout.ms", 2000,
                "delivery.timeout.ms", 4000,
                "max.block.ms", 4000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, VALUE)).get();
            }
        }
    }

    private Path folder(String topic) {
        return broker.dataFolder().resolve(topic + "-0");
    }

    private List<Path> files(String topic, String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder(topic))) {
            return files.filter(file -> file.toString().endsWith(kind)).sorted().toList();
        }
    }

    private void delete(String topic, String kind) throws IOException {
        for (Path file : files(topic, kind)) {
            Files.delete(file);
        }
    }

    private static void permit(Path folder, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private String log() {
        return broker.process().stdout() + broker.process().stderr();
    }
}
