package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.NumberedRecords;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The broker, with two data folders, is killed with SIGKILL, again and again, under idempotent producers that compress differently and a
 * consumer group. {@code -Dkills=50} for the long run.
 */
class KillNineIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with("log.dirs", "$data/1,$data/2");

    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final List<String> CODECS = List.of("none", "lz4", "zstd");

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldKeepEveryAcknowledgedRecordOnceAndInOrder() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> acknowledgedAtKill = new ArrayList<>();
        List<NumberedProducer> producers = new ArrayList<>();
        for (String codec : CODECS) {
            BROKER.topic(codec, PARTITIONS);
            producers.add(new NumberedProducer(BROKER.producer(settings(codec)), codec, PARTITIONS));
        }
        producers.forEach(Thread::start);
        GroupReader group = new GroupReader();
        group.start();
        for (int kill = 0; kill < KILLS; kill++) {
            for (NumberedProducer producer : producers) {
                int before = producer.count();
                Waiting.until(
                        "a record after start " + kill, TIMEOUT, () -> producer.count() > before, producer::count);
            }
            Waiting.pause(Duration.ofMillis(random.nextInt(50, 1000)));
            acknowledgedAtKill.add(count(producers));
            BROKER.process().kill();
            BROKER.process().start();
        }
        Map<TopicPartition, Map<Long, String>> acknowledged = new HashMap<>();
        for (NumberedProducer producer : producers) {
            acknowledged.putAll(producer.finish());
        }
        String where = "seed " + seed + ", acknowledged at the kills: " + acknowledgedAtKill;
        NumberedRecords.assertKept(BROKER.bootstrap(), acknowledged, where);
        group.awaitAll(acknowledged, where);
    }

    private static int count(List<NumberedProducer> producers) {
        return producers.stream().mapToInt(NumberedProducer::count).sum();
    }

    private static Map<String, Object> settings(String codec) {
        return Map.of(
                "enable.idempotence", true,
                "acks", "all",
                "compression.type", codec,
                "linger.ms", 2,
                "batch.size", 2000,
                "request.timeout.ms", 5000,
                "delivery.timeout.ms", 600_000,
                "reconnect.backoff.max.ms", 200,
                "max.block.ms", 120_000);
    }

    /** The only member of a group, which reads everything and commits now and then. */
    private static final class GroupReader extends Thread {
        private final Map<TopicPartition, Set<Long>> read = new ConcurrentHashMap<>();
        private volatile boolean finished;

        @Override
        public void run() {
            Map<String, Object> settings = Map.of(
                    "group.id",
                    "readers",
                    "auto.offset.reset",
                    "earliest",
                    "auto.commit.interval.ms",
                    100,
                    "session.timeout.ms",
                    10_000,
                    "reconnect.backoff.max.ms",
                    200);
            try (KafkaConsumer<String, String> consumer = BROKER.consumer(settings)) {
                consumer.subscribe(CODECS);
                while (!finished) {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                        read.computeIfAbsent(
                                        new TopicPartition(record.topic(), record.partition()),
                                        partition -> ConcurrentHashMap.newKeySet())
                                .add(record.offset());
                    }
                }
            }
        }

        /** Waits until it has read everything, and ends it. */
        void awaitAll(Map<TopicPartition, Map<Long, String>> acknowledged, String where) throws InterruptedException {
            Map<TopicPartition, Set<Long>> expected = acknowledged.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().keySet()));
            Waiting.until("the group to read all, " + where, TIMEOUT, () -> expected.equals(read), () -> sizes(read));
            finished = true;
            join();
            assertThat(read).isEqualTo(expected);
        }

        private static Map<TopicPartition, Integer> sizes(Map<TopicPartition, Set<Long>> offsets) {
            return offsets.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().size()));
        }
    }
}
