package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The broker is killed with SIGKILL, again and again, under an idempotent producer. {@code -Dkills=50} for the long run. */
class KillNineIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final String TOPIC = "killed";

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldKeepEveryAcknowledgedRecordOnceAndInOrder() throws Exception {
        BROKER.topic(TOPIC, PARTITIONS);
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> acknowledgedAtKill = new ArrayList<>();
        NumberedProducer producer = new NumberedProducer(BROKER.producer(settings()), TOPIC, PARTITIONS);
        producer.start();
        for (int kill = 0; kill < KILLS; kill++) {
            int before = producer.count();
            Waiting.until("a record after start " + kill, TIMEOUT, () -> producer.count() > before, producer::count);
            Waiting.pause(Duration.ofMillis(random.nextInt(50, 1000)));
            acknowledgedAtKill.add(producer.count());
            BROKER.process().kill();
            BROKER.process().start();
        }
        Map<TopicPartition, Map<Long, String>> acknowledged = producer.finish();
        String where = "seed " + seed + ", acknowledged at the kills: " + acknowledgedAtKill;
        List<List<String>> logs = readAll();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<String> log = logs.get(partition);
            acknowledged.get(new TopicPartition(TOPIC, partition)).forEach((offset, value) -> {
                assertThat((long) log.size()).as(where).isGreaterThan(offset);
                assertThat(log.get(offset.intValue())).as(where).isEqualTo(value);
            });
            assertThat(log.stream().map(Integer::valueOf).toList())
                    .as(where)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(acknowledged
                            .get(new TopicPartition(TOPIC, partition))
                            .size());
        }
    }

    /** Reads every partition to its end; the position in the list is the offset. */
    private static List<List<String>> readAll() {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(i -> new TopicPartition(TOPIC, i))
                .toList();
        List<List<String>> logs = new ArrayList<>();
        partitions.forEach(partition -> logs.add(new ArrayList<>()));
        try (KafkaConsumer<String, String> consumer = BROKER.consumer(Map.of())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            for (long read = 0; read < end; ) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    assertThat(record.offset())
                            .isEqualTo(logs.get(record.partition()).size());
                    logs.get(record.partition()).add(record.value());
                    read++;
                }
                assertThat(System.nanoTime()).as("read %d of %d", read, end).isLessThan(deadline);
            }
        }
        return logs;
    }

    private static Map<String, Object> settings() {
        return Map.of(
                "enable.idempotence", true,
                "acks", "all",
                "linger.ms", 2,
                "batch.size", 2000,
                "request.timeout.ms", 5000,
                "delivery.timeout.ms", 600_000,
                "reconnect.backoff.max.ms", 200,
                "max.block.ms", 120_000);
    }
}
