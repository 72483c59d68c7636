package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.PartitionReader;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.StockTool;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A compacted topic as clients see it: the newest record of each key stays, deleted keys vanish, offsets do not change. */
class CompactionIT {
    /** The stock tester's topics have no settings of their own, so its records need the broker's. */
    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with(
            "log.cleaner.backoff.ms", "600000",
            "log.cleaner.min.cleanable.ratio", "0.01",
            "log.cleaner.delete.retention.ms", "100",
            "log.roll.ms", "50");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ROUNDS = 5;
    private static final int KEYS = 20;
    private static final String DELETED = "key-0";
    private static final String CLOCK = "clock";

    /** Without this change at runtime nothing would be compacted for ten minutes. */
    @BeforeAll
    static void beginToCompact() {
        set(Map.of("log.cleaner.backoff.ms", "100"));
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void shouldKeepTheNewestRecordOfEachKey() {
        TopicPartition partition = new TopicPartition(create("compacted"), 0);
        long newest;
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of("compression.type", "lz4"))) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int key = 0; key < KEYS; key++) {
                    producer.send(new ProducerRecord<>(partition.topic(), "key-" + key, "round-" + round));
                }
                producer.flush();
            }
            producer.send(new ProducerRecord<>(partition.topic(), DELETED, null));
            newest = (long) ROUNDS * KEYS + 1;
            Waiting.until("compaction", TIMEOUT, () -> compacted(producer, partition, KEYS - 1), () -> read(partition));
        }
        List<ConsumerRecord<String, String>> records = read(partition);
        records.removeIf(record -> record.key().equals(CLOCK));
        assertThat(records).hasSize(KEYS - 1);
        for (int key = 1; key < KEYS; key++) {
            ConsumerRecord<String, String> kept = records.get(key - 1);
            assertThat(kept.key()).isEqualTo("key-" + key);
            assertThat(kept.value()).isEqualTo("round-" + (ROUNDS - 1));
            assertThat(kept.offset()).isEqualTo(newest - 1 - KEYS + key);
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void shouldTakeSeveralPassesWhenTheKeysDoNotFitIntoTheBuffer() {
        int keys = 60_000; // 24 bytes each, but the least a broker may be told to use is a megabyte
        set(Map.of("log.cleaner.dedupe.buffer.size", "1048600"));
        TopicPartition partition = new TopicPartition(create("manykeys"), 0);
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of("compression.type", "zstd"))) {
            for (int i = 0; i < 2 * keys; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), "key-" + i % keys, Integer.toString(i)));
            }
            Waiting.until(
                    "compaction",
                    TIMEOUT,
                    () -> compacted(producer, partition, keys),
                    () -> read(partition).size());
        }
        List<ConsumerRecord<String, String>> records = read(partition);
        records.removeIf(record -> record.key().equals(CLOCK));
        assertThat(records)
                .extracting(ConsumerRecord::offset)
                .startsWith((long) keys)
                .isSorted();
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void shouldPassTheStockTester() {
        CommandResult tester = StockTool.of("LogCompactionTester")
                .run(
                        "--bootstrap-server",
                        BROKER.bootstrap(),
                        "--messages",
                        "10000",
                        "--duplicates",
                        "10",
                        "--percent-deletes",
                        "20",
                        "--compression-type",
                        "lz4",
                        "--sleep",
                        "2")
                .succeeded();
        assertThat(tester.stdout()).contains(" 0 mismatches", "Data verification is completed");
        Matcher rows = Pattern.compile("(\\d+) rows of data produced, (\\d+) rows of data consumed")
                .matcher(tester.stdout());
        assertThat(rows.find()).isTrue();
        assertThat(Integer.parseInt(rows.group(2))).isLessThan(Integer.parseInt(rows.group(1)));
    }

    private static void set(Map<String, String> settings) {
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        ConfigResource allBrokers = new ConfigResource(ConfigResource.Type.BROKER, "");
        try (Admin admin = BROKER.admin()) {
            admin.incrementalAlterConfigs(Map.of(allBrokers, changes)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("settings could not be changed", e);
        }
    }

    private static String create(String topic) {
        return BROKER.process()
                .topic(
                        topic,
                        1,
                        Map.of(
                                "cleanup.policy", "compact",
                                "min.cleanable.dirty.ratio", "0.01",
                                "delete.retention.ms", "100",
                                "segment.ms", "50"));
    }

    /** Moves on the time of the log by one record, and looks whether everything before it is compacted. */
    private static boolean compacted(KafkaProducer<String, String> producer, TopicPartition partition, int keys) {
        producer.send(new ProducerRecord<>(partition.topic(), CLOCK, "tick"));
        producer.flush();
        Waiting.pause(Duration.ofMillis(100));
        List<ConsumerRecord<String, String>> records = read(partition);
        records.removeIf(record -> record.key().equals(CLOCK));
        return records.size() == keys;
    }

    private static List<ConsumerRecord<String, String>> read(TopicPartition partition) {
        return PartitionReader.read(BROKER.bootstrap(), partition, Map.of());
    }
}
