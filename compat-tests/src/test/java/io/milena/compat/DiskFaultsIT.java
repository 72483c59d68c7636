package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.NumberedRecords;
import io.milena.compat.harness.PartitionReader;
import io.milena.compat.harness.SmallDisk;
import io.milena.compat.harness.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Disks that fill up, break and go, under a running broker. Needs the rights to mount: the profile {@code faults}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DiskFaultsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOPIC = "stock";
    private static final int PARTITIONS = 4;

    /** Everything is on the disk that fills up: topics, groups and metadata. */
    @Test
    void shouldGoOnWhenAFullDiskHasRoomAgain() throws Exception {
        try (SmallDisk disk = SmallDisk.inMemory(Folders.fresh("full"), 24);
                BrokerProcess broker = broker(few(disk)).start();
                Admin admin = admin(broker);
                CommitsOnAFullDisk commits = new CommitsOnAFullDisk(disk, broker.bootstrap(), TOPIC)) {
            broker.topic(TOPIC, PARTITIONS, Map.of("segment.bytes", "1048576"));
            commits.start();
            NumberedProducer producer = new NumberedProducer(producer(broker, 600_000), TOPIC, PARTITIONS);
            producer.start();
            for (int round = 0; round < 3; round++) {
                awaitProgress(producer);
                disk.fill();
                int full = round + 1;
                Waiting.until("the disk to be full", TIMEOUT, () -> says(broker, "disk full") >= full, producer::count);
                assertFullButReadable(admin, broker, disk);
                commits.assertRefused();
                disk.free();
                awaitProgress(producer);
                String topic = "created" + round;
                Waiting.until("a topic to be created", TIMEOUT, () -> isCreated(admin, topic), producer::count);
                commits.commitWithRoom();
            }
            NumberedRecords.assertKept(broker.bootstrap(), producer.finish(), "after full disks");
            broker.terminate();
            broker.start();
            assertThat(committed(admin, 0)).isEqualTo(commits.offset());
            assertThat(committed(admin, 1)).isEqualTo(commits.offset() - 1);
            assertThat(admin.listTopics().names().get()).contains("created0", "created1", "created2");
        }
    }

    private static void assertFullButReadable(Admin admin, BrokerProcess broker, SmallDisk disk) throws Exception {
        assertThat(leaders(admin)).containsOnly(1);
        assertThat(PartitionReader.read(broker.bootstrap(), new TopicPartition(TOPIC, 0), Map.of()))
                .isNotEmpty();
        // The last block of the metadata log may have some room left, and other logs may give some back.
        Waiting.until(
                "a topic to be refused",
                TIMEOUT,
                () -> {
                    disk.fill();
                    return !isCreated(admin, "much" + System.nanoTime());
                },
                () -> "created");
        assertThat(committed(admin, 0)).isPositive();
    }

    /** Whether there is room for another topic; if not, the broker says precisely that. */
    private static boolean isCreated(Admin admin, String topic) {
        try {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            return true;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(KafkaStorageException.class);
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldLoseOnlyTheFolderWhoseDiskIsTakenAway() throws Exception {
        Path root = Folders.fresh("away");
        try (SmallDisk disk = SmallDisk.inMemory(root.resolve("b"), 64);
                BrokerProcess broker = broker(Map.of("log.dirs", root.resolve("a") + "," + disk.folder()))
                        .start();
                Admin admin = admin(broker)) {
            broker.topic(TOPIC, PARTITIONS, Map.of());
            send(broker, Set.of(0, 1, 2, 3));
            disk.detach();
            assertOffline(admin, broker, disk.folder());

            // Not mounted, the folder is an empty one: what lies on the disk must not be made anew.
            broker.terminate();
            broker.start();
            assertThat(broker.process().stdout() + broker.process().stderr()).contains("data folder missing");
            assertOffline(admin, broker, null);
        }
    }

    @Test
    void shouldLoseOnlyTheFolderWhoseDiskCanOnlyBeRead() throws Exception {
        Path root = Folders.fresh("broken");
        try (SmallDisk disk = SmallDisk.inFile(root.resolve("b"), 32);
                BrokerProcess broker = broker(Map.of("log.dirs", root.resolve("a") + "," + disk.folder()))
                        .start();
                Admin admin = admin(broker)) {
            broker.topic(TOPIC, PARTITIONS, Map.of());
            send(broker, Set.of(0, 1, 2, 3));
            disk.breakDown();
            assertThatThrownBy(() -> send(broker, Set.of(0, 1, 2, 3))).isInstanceOf(ExecutionException.class);
            assertOffline(admin, broker, disk.folder());
            assertThat(broker.process().stdout() + broker.process().stderr())
                    .contains("data folder failed")
                    .contains("Read-only file system");

            broker.terminate();
            disk.repair();
            broker.start();
            assertThat(leaders(admin)).containsOnly(1);
            send(broker, Set.of(0, 1, 2, 3));
        }
    }

    @Test
    void shouldStopWhenTheDiskOfTheMetadataIsTakenAway() {
        try (SmallDisk disk = SmallDisk.inMemory(Folders.fresh("metadata"), 24);
                BrokerProcess broker =
                        broker(Map.of("log.dirs", disk.folder() + ",$data/b")).start()) {
            disk.detach();
            assertThat(broker.process().awaitExit(TIMEOUT)).isEqualTo(1);
            assertThat(broker.process().stdout() + broker.process().stderr()).contains("the broker stops");
        }
    }

    /** Two of the partitions are in the folder that failed. */
    private static void assertOffline(Admin admin, BrokerProcess broker, Path failed) throws Exception {
        Waiting.until(
                "partitions without leader",
                TIMEOUT,
                () -> leaders(admin).stream().filter(leader -> leader < 0).count() == 2,
                () -> leaders(admin));
        Map<String, LogDirDescription> folders =
                admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
        if (failed != null) {
            assertThat(folders.get(failed.toString()).error()).isInstanceOf(KafkaStorageException.class);
        }
        List<Integer> leaders = leaders(admin);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (leaders.get(partition) == 1) {
                send(broker, Set.of(partition));
                assertThat(PartitionReader.read(broker.bootstrap(), new TopicPartition(TOPIC, partition), Map.of()))
                        .hasSizeGreaterThan(1);
            }
        }
        String name = "later" + System.nanoTime();
        broker.topic(name, 2, Map.of());
        assertThat(admin.describeTopics(List.of(name))
                        .allTopicNames()
                        .get()
                        .get(name)
                        .partitions())
                .allSatisfy(partition -> assertThat(partition.leader().id()).isEqualTo(1));
    }

    private static List<Integer> leaders(Admin admin) {
        try {
            return admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC).partitions().stream()
                    .map(TopicPartitionInfo::leader)
                    .map(leader -> leader == null ? -1 : leader.id())
                    .toList();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitProgress(NumberedProducer producer) {
        int before = producer.count();
        Waiting.until("more records", TIMEOUT, () -> producer.count() > before + 100, producer::count);
    }

    private static void send(BrokerProcess broker, Set<Integer> partitions) throws Exception {
        try (KafkaProducer<String, String> producer = producer(broker, 5_000)) {
            for (int partition : partitions) {
                producer.send(new ProducerRecord<>(TOPIC, partition, null, "0")).get();
            }
        }
    }

    private static long committed(Admin admin, int partition) throws Exception {
        return admin.listConsumerGroupOffsets(CommitsOnAFullDisk.GROUP)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(TOPIC, partition))
                .offset();
    }

    private static long says(BrokerProcess broker, String text) {
        return (broker.process().stdout() + broker.process().stderr())
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }

    private static Map<String, String> few(SmallDisk disk) {
        return Map.of(
                "log.dirs",
                disk.folder().toString(),
                "offsets.topic.num.partitions",
                "2",
                "transaction.state.log.num.partitions",
                "2");
    }

    private static BrokerProcess broker(Map<String, String> settings) {
        return new BrokerProcess(BrokerKind.MILENA, settings);
    }

    private static Admin admin(BrokerProcess broker) {
        return Admin.create(Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "request.timeout.ms",
                10_000,
                "default.api.timeout.ms",
                20_000));
    }

    private static KafkaProducer<String, String> producer(BrokerProcess broker, int deliveryTimeoutMs) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("enable.idempotence", true);
        settings.put("linger.ms", 2);
        settings.put("batch.size", 2000);
        settings.put("request.timeout.ms", 3000);
        settings.put("delivery.timeout.ms", deliveryTimeoutMs);
        settings.put("max.block.ms", deliveryTimeoutMs);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
