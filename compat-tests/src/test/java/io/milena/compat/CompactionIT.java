package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A compacted topic as clients see it: the newest record of each key stays, deleted keys vanish, offsets do not change. */
class CompactionIT {
    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with("log.cleaner.backoff.ms", "100");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ROUNDS = 5;
    private static final int KEYS = 20;
    private static final String DELETED = "key-0";
    private static final String CLOCK = "clock";

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void shouldKeepTheNewestRecordOfEachKey() {
        TopicPartition partition = new TopicPartition(create(), 0);
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
            Waiting.until("compaction", TIMEOUT, () -> compacted(producer, partition), () -> read(partition));
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

    private static String create() {
        return BROKER.process()
                .topic(
                        "compacted",
                        1,
                        Map.of(
                                "cleanup.policy", "compact",
                                "min.cleanable.dirty.ratio", "0.01",
                                "delete.retention.ms", "100",
                                "segment.ms", "50"));
    }

    /** Moves on the time of the log by one record, and looks whether everything before it is compacted. */
    private static boolean compacted(KafkaProducer<String, String> producer, TopicPartition partition) {
        producer.send(new ProducerRecord<>(partition.topic(), CLOCK, "tick"));
        producer.flush();
        Waiting.pause(Duration.ofMillis(100));
        List<ConsumerRecord<String, String>> records = read(partition);
        records.removeIf(record -> record.key().equals(CLOCK));
        return records.size() == KEYS - 1;
    }

    private static List<ConsumerRecord<String, String>> read(TopicPartition partition) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = BROKER.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                assertThat(System.nanoTime()).as("read %s of %d", records, end).isLessThan(deadline);
            }
        }
        return records;
    }
}
