package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.JavaCommand;
import io.milena.compat.harness.Readers;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kafka's own copier, one process for each partition, while copiers and the broker are killed: every record arrives once, in order. */
class TransactionalCopyIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with("transaction.max.timeout.ms", "60000");

    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final int PARTITIONS = 2;
    private static final int COUNT = 6_000;
    private static final String FROM = "original";
    private static final String TO = "copy";
    private static final String GROUP = "copiers";
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldCopyEachRecordOnceAndInOrder() throws Exception {
        BROKER.topic(FROM, PARTITIONS);
        BROKER.topic(TO, PARTITIONS);
        List<List<String>> input = fill();
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<ChildProcess> copiers = new ArrayList<>();
        try {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                copiers.add(copier(partition));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                Waiting.pause(Duration.ofMillis(random.nextInt(500, 2_500)));
                if (random.nextBoolean()) {
                    BROKER.process().kill();
                    BROKER.process().start();
                } else {
                    int partition = random.nextInt(PARTITIONS);
                    copiers.get(partition).kill();
                    copiers.set(partition, copier(partition));
                }
            }
            awaitCopied(copiers);
        } finally {
            copiers.forEach(ChildProcess::close);
        }
        assertThat(Readers.committed(BROKER, TO, PARTITIONS))
                .as("seed %d", seed)
                .isEqualTo(input);
    }

    private static void awaitCopied(List<ChildProcess> copiers) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int index = partition;
            Waiting.until(
                    "partition " + index + " to be copied",
                    TIMEOUT,
                    () -> {
                        if (!copiers.get(index).alive()) {
                            copiers.set(index, copier(index)); // it gives up on errors that another one recovers from
                            Waiting.pause(Duration.ofSeconds(2));
                        }
                        return committed(index) >= COUNT;
                    },
                    () -> copiers.get(index).tail());
        }
    }

    private static long committed(int partition) {
        try (var admin = BROKER.admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(GROUP + partition)
                    .partitionsToOffsetAndMetadata()
                    .get();
            OffsetAndMetadata offset = offsets.get(new TopicPartition(FROM, partition));
            return offset == null ? -1 : offset.offset();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            return -1;
        }
    }

    private static ChildProcess copier(int partition) {
        List<String> arguments = List.of(
                "--broker-list",
                BROKER.bootstrap(),
                "--input-topic",
                FROM,
                "--input-partition",
                Integer.toString(partition),
                "--output-topic",
                TO,
                "--consumer-group",
                GROUP + partition,
                "--transaction-size",
                "100",
                "--transactional-id",
                "copier-" + partition,
                "--enable-random-aborts");
        List<String> command = JavaCommand.program(
                Folders.kafkaJars() + "/*", "org.apache.kafka.tools.TransactionalMessageCopier", arguments);
        return ChildProcess.start("copier", command, Folders.fresh("copier"), Redirect.PIPE);
    }

    private static List<List<String>> fill() {
        List<List<String>> values = new ArrayList<>();
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of("linger.ms", 20))) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                values.add(new ArrayList<>());
                for (int i = 0; i < COUNT; i++) {
                    values.get(partition).add(Integer.toString(i));
                    producer.send(new ProducerRecord<>(FROM, partition, null, Integer.toString(i)));
                }
            }
            producer.flush();
        }
        return values;
    }
}
