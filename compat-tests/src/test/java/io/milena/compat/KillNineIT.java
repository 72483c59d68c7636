package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The broker is killed with SIGKILL, again and again, under an idempotent producer. {@code -Dkills=50} for the long run. */
class KillNineIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final int PARTITIONS = 4;
    private static final String TOPIC = "killed";

    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();

    @Test
    void shouldKeepEveryAcknowledgedRecordOnceAndInOrder() throws Exception {
        BROKER.topic(TOPIC, PARTITIONS);
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> acknowledgedBeforeKill = new ArrayList<>();
        try (KafkaProducer<String, String> producer = BROKER.producer(settings())) {
            Sender sender = new Sender(producer);
            sender.start();
            BrokerProcess broker = BROKER.process();
            for (int kill = 0; kill < KILLS; kill++) {
                int before = acknowledged.size();
                Waiting.until(
                        "records after start " + kill,
                        Duration.ofSeconds(60),
                        () -> acknowledged.size() > before,
                        failures::toString);
                Waiting.pause(Duration.ofMillis(random.nextInt(50, 1000)));
                acknowledgedBeforeKill.add(acknowledged.size());
                broker.kill();
                broker.start();
            }
            sender.finish();
            producer.flush();
            assertThat(failures).isEmpty();
            assertThat(acknowledged).hasSize(sender.sent);
        }
        String where = "seed " + seed + ", acknowledged at the kills: " + acknowledgedBeforeKill;
        List<List<String>> logs = readAll();
        for (Acknowledged record : acknowledged) {
            List<String> log = logs.get(record.partition());
            assertThat((long) log.size()).as(where).isGreaterThan(record.offset());
            assertThat(log.get((int) record.offset())).as(where).isEqualTo(record.value());
        }
        for (List<String> log : logs) {
            assertThat(log.stream().map(Integer::valueOf).toList())
                    .as(where)
                    .isSorted()
                    .doesNotHaveDuplicates();
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

    /** A record with the place the broker acknowledged for it. */
    private record Acknowledged(int partition, long offset, String value) {}

    /** Sends numbered records as fast as the producer's buffer takes them. */
    private final class Sender extends Thread {
        private final KafkaProducer<String, String> producer;
        private volatile boolean finished;
        private volatile int sent;

        private Sender(KafkaProducer<String, String> producer) {
            super("sender");
            this.producer = producer;
        }

        @Override
        public void run() {
            int number = 0;
            while (!finished) {
                String value = Integer.toString(number);
                producer.send(new ProducerRecord<>(TOPIC, number % PARTITIONS, null, value), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.add(new Acknowledged(metadata.partition(), metadata.offset(), value));
                    } else {
                        failures.add(failure);
                    }
                });
                number++;
                if (number % 20 == 0) {
                    Waiting.pause(Duration.ofMillis(2));
                }
            }
            sent = number;
        }

        private void finish() throws InterruptedException {
            finished = true;
            join();
        }
    }
}
