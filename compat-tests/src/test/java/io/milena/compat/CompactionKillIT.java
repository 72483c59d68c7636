package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChangingKeys;
import io.milena.compat.harness.ChangingKeys.Change;
import io.milena.compat.harness.ChangingKeys.Grouping;
import io.milena.compat.harness.PartitionReader;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The broker is killed with SIGKILL, again and again, while it compacts all the time under idempotent producers and a
 * transactional one: whatever was acknowledged or committed is there, or a newer record of its key. {@code -Dkills=50} for the long run.
 */
class CompactionKillIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with("log.cleaner.backoff.ms", "5", "log.cleaner.threads", "2");

    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOPIC = "changing";
    /** For each partition, in the order of their numbers. */
    private static final List<String> CODECS = List.of("none", "zstd", "lz4");

    private static final List<Grouping> GROUPINGS = List.of(Grouping.NONE, Grouping.NONE, Grouping.TRANSACTIONS);
    private static final Map<String, String> TINY_SEGMENTS = Map.of(
            "cleanup.policy", "compact",
            "internal.segment.bytes", "6000",
            "min.cleanable.dirty.ratio", "0.01",
            "delete.retention.ms", "500",
            "file.delete.delay.ms", "100");

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldEndWithTheNewestValueOfEachKey() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        BROKER.process().topic(TOPIC, CODECS.size(), TINY_SEGMENTS);
        Map<TopicPartition, ChangingKeys> producers = new HashMap<>();
        for (int i = 0; i < CODECS.size(); i++) {
            TopicPartition partition = new TopicPartition(TOPIC, i);
            Map<String, Object> settings = new HashMap<>(settings(CODECS.get(i)));
            if (GROUPINGS.get(i) == Grouping.TRANSACTIONS) {
                settings.put("transactional.id", "changes");
            }
            producers.put(
                    partition,
                    new ChangingKeys(BROKER.producer(settings), partition, GROUPINGS.get(i), random.nextLong()));
        }
        producers.values().forEach(Thread::start);
        for (int kill = 0; kill < KILLS; kill++) {
            awaitProgress(producers);
            Waiting.pause(Duration.ofMillis(random.nextInt(100, 1500)));
            BROKER.process().kill();
            Map<TopicPartition, SortedMap<Long, Change>> acknowledged = acknowledged(producers);
            BROKER.process().start();
            acknowledged.forEach((partition, changes) -> {
                List<ConsumerRecord<String, String>> records = read(partition);
                assertHolds(changes, producers.get(partition).acknowledged(), records, partition + ", seed " + seed);
            });
        }
        awaitProgress(producers);
        for (ChangingKeys producer : producers.values()) {
            producer.finish();
        }
        acknowledged(producers).forEach((partition, changes) -> {
            assertHolds(changes, changes, read(partition), partition + ", seed " + seed);
            Waiting.until(
                    "the values of " + partition + ", seed " + seed,
                    TIMEOUT,
                    () -> values(read(partition)).equals(values(changes)),
                    () -> "\nfound    " + values(read(partition)) + "\nexpected " + values(changes));
        });
    }

    private static void awaitProgress(Map<TopicPartition, ChangingKeys> producers) {
        producers.values().forEach(producer -> {
            int before = producer.count();
            Waiting.until("records", TIMEOUT, () -> producer.count() > before + 100, producer::count);
        });
    }

    private static Map<TopicPartition, SortedMap<Long, Change>> acknowledged(
            Map<TopicPartition, ChangingKeys> producers) {
        Map<TopicPartition, SortedMap<Long, Change>> acknowledged = new HashMap<>();
        producers.forEach((partition, producer) -> acknowledged.put(partition, producer.acknowledged()));
        return acknowledged;
    }

    /**
     * Nothing is at another offset than it was acknowledged with, and of each key the newest is there, unless it was deleted.
     *
     * @param changes what must be there
     * @param newer what may have replaced it since
     */
    private static void assertHolds(
            SortedMap<Long, Change> changes,
            SortedMap<Long, Change> newer,
            List<ConsumerRecord<String, String>> records,
            String where) {
        long previous = -1;
        Map<String, Long> found = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            assertThat(record.offset()).as(where).isGreaterThan(previous);
            previous = record.offset();
            found.put(record.key(), previous);
            Change change = changes.get(previous);
            if (change != null) {
                assertThat(new Change(record.key(), record.value()))
                        .as("%s in %s", previous, where)
                        .isEqualTo(change);
            }
        }
        Map<String, Long> newest = ChangingKeys.newest(newer);
        ChangingKeys.newest(changes).forEach((key, offset) -> {
            if (changes.get(offset).value() != null && newest.get(key).equals(offset)) {
                assertThat(found).as("newest of %s in %s", key, where).containsKey(key);
                assertThat(found.get(key)).as("newest of %s in %s", key, where).isGreaterThanOrEqualTo(offset);
            }
        });
    }

    private static Map<String, String> values(SortedMap<Long, Change> changes) {
        Map<String, String> values = new TreeMap<>();
        changes.values().forEach(change -> {
            if (change.value() == null) {
                values.remove(change.key());
            } else {
                values.put(change.key(), change.value());
            }
        });
        return values;
    }

    private static Map<String, String> values(List<ConsumerRecord<String, String>> records) {
        SortedMap<Long, Change> changes = new TreeMap<>();
        records.forEach(record -> changes.put(record.offset(), new Change(record.key(), record.value())));
        return values(changes);
    }

    private static List<ConsumerRecord<String, String>> read(TopicPartition partition) {
        return PartitionReader.read(BROKER.bootstrap(), partition, Map.of("isolation.level", "read_committed"));
    }

    private static Map<String, Object> settings(String codec) {
        return Map.of(
                "enable.idempotence", true,
                "acks", "all",
                "linger.ms", 2,
                "batch.size", 1000,
                "compression.type", codec,
                "request.timeout.ms", 5000,
                "delivery.timeout.ms", 600_000,
                "reconnect.backoff.max.ms", 200,
                "max.block.ms", 120_000);
    }
}
