package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Footprint;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many partitions in one broker: what each of them costs, and that all are right after a clean stop and after SIGKILL.
 * {@code -Dscale.partitions=10000 -Dscale.idle.seconds=60} for the large run, whose times are printed and not judged: they belong to a
 * quiet machine.
 */
class ScaleIT {

    private static final int PARTITIONS = Integer.getInteger("scale.partitions", 2000);
    private static final int IDLE_SECONDS = Integer.getInteger("scale.idle.seconds", 0);
    private static final int PARTITIONS_PER_TOPIC = 100;
    private static final int TOPICS_PER_REQUEST = 50;
    private static final long MAX_HEAP_BYTES_PER_PARTITION = 10 * 1024;

    /** A folder without records holds its metadata, an empty segment and perhaps a checkpoint. */
    private static final long MAX_FILE_BYTES_PER_EMPTY_PARTITION = 1024;

    private final Map<TopicPartition, Long> written = new HashMap<>();

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldKeepManyPartitionsCheaplyAndThroughRestarts() throws Exception {
        try (BrokerProcess broker = new BrokerProcess(BrokerKind.selected(), Map.of())) {
            timed("first start", broker::start);
            timed("warm up", () -> create(broker, "first", 1));
            Footprint before = Footprint.of(broker.process().pid());
            timed("create", () -> createAll(broker));
            Footprint after = Footprint.of(broker.process().pid());
            assertCheap(before, after, Footprint.fileBytes(broker.dataFolder(), "scale-"));
            measureIdle(broker);

            timed("a record to every other", () -> write(broker, 2));
            timed("stop", broker::terminate);
            timed("start after a clean stop", broker::start);
            timed("list offsets", () -> assertThat(ends(broker)).isEqualTo(written));

            timed("a record to every third", () -> write(broker, 3));
            broker.kill();
            timed("start after a kill", broker::start);
            timed("list offsets", () -> assertThat(ends(broker)).isEqualTo(written));
            print("memory", Footprint.of(broker.process().pid()).toString());
            timed("stop", broker::terminate);
        }
    }

    private static void assertCheap(Footprint before, Footprint after, long fileBytes) {
        long heap = (after.heapBytes() - before.heapBytes()) / PARTITIONS;
        print(
                "each partition",
                "heap=%d resident=%d files=%d bytes"
                        .formatted(
                                heap,
                                (after.residentBytes() - before.residentBytes()) / PARTITIONS,
                                fileBytes / PARTITIONS));
        if (BrokerKind.selected() == BrokerKind.MILENA) {
            assertThat(heap).isLessThan(MAX_HEAP_BYTES_PER_PARTITION);
            assertThat(fileBytes / PARTITIONS).isLessThan(MAX_FILE_BYTES_PER_EMPTY_PARTITION);
        }
    }

    private static void measureIdle(BrokerProcess broker) {
        if (IDLE_SECONDS > 0) {
            long cpuMs = Footprint.processorMs(broker.process().pid());
            Waiting.pause(Duration.ofSeconds(IDLE_SECONDS));
            long used = Footprint.processorMs(broker.process().pid()) - cpuMs;
            print("idle", "%.1f ms of a processor each second".formatted(used / (double) IDLE_SECONDS));
        }
    }

    private Void createAll(BrokerProcess broker) throws Exception {
        try (Admin admin = admin(broker)) {
            List<NewTopic> topics = new ArrayList<>();
            for (int topic = 0; topic * PARTITIONS_PER_TOPIC < PARTITIONS; topic++) {
                topics.add(topic("scale-" + topic, PARTITIONS_PER_TOPIC));
                for (int partition = 0; partition < PARTITIONS_PER_TOPIC; partition++) {
                    written.put(new TopicPartition("scale-" + topic, partition), 0L);
                }
            }
            for (int from = 0; from < topics.size(); from += TOPICS_PER_REQUEST) {
                admin.createTopics(topics.subList(from, Math.min(topics.size(), from + TOPICS_PER_REQUEST)))
                        .all()
                        .get();
            }
        }
        return null;
    }

    private static Void create(BrokerProcess broker, String name, int partitions) throws Exception {
        try (Admin admin = admin(broker)) {
            admin.createTopics(List.of(topic(name, partitions))).all().get();
        }
        return null;
    }

    private Void write(BrokerProcess broker, int every) throws Exception {
        List<TopicPartition> chosen = written.keySet().stream()
                .filter(partition -> partition.partition() % every == 0)
                .toList();
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("linger.ms", "20");
        settings.put("batch.size", "256");
        settings.put("delivery.timeout.ms", "300000");
        settings.put("max.block.ms", "120000");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (TopicPartition partition : chosen) {
                sent.add(producer.send(
                        new ProducerRecord<>(partition.topic(), partition.partition(), "key", partition.toString())));
            }
            for (Future<RecordMetadata> acknowledged : sent) {
                RecordMetadata metadata = acknowledged.get();
                written.merge(new TopicPartition(metadata.topic(), metadata.partition()), 1L, Long::sum);
            }
        }
        return null;
    }

    private Map<TopicPartition, Long> ends(BrokerProcess broker) throws Exception {
        try (Admin admin = admin(broker)) {
            Map<TopicPartition, OffsetSpec> latest = written.keySet().stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
        }
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1);
    }

    private static Admin admin(BrokerProcess broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrap(), "default.api.timeout.ms", "300000"));
    }

    private static void timed(String what, Callable<?> action) throws Exception {
        long startedNs = System.nanoTime();
        action.call();
        print(what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs) + " ms");
    }

    private static void print(String what, String value) {
        System.out.printf("scale: partitions=%d %s: %s%n", PARTITIONS, what, value);
    }
}
