package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Offsets and transactions whose topics are compacted, and whose broker is killed, while a transaction is open. */
class TransactionCompactionIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with(
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.num.partitions", "1",
            "log.cleaner.backoff.ms", "100",
            "log.cleaner.min.cleanable.ratio", "0.01",
            "log.roll.ms", "50");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOPIC = "inputs";
    private static final TopicPartition INPUT = new TopicPartition(TOPIC, 0);
    private static final TopicPartition OFFSETS = new TopicPartition("__consumer_offsets", 0);
    private static final TopicPartition TRANSACTIONS = new TopicPartition("__transaction_state", 0);
    private static final int NOISE = 30;
    private static final long BEFORE = 3;
    private static final long AFTER = 5;

    private final Map<String, ConsumerGroupMetadata> groups = new HashMap<>();
    private int noise;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldKeepWhatIsOpenAndDropWhatWasAborted() throws ExecutionException, InterruptedException {
        BROKER.topic(TOPIC, 1);
        try (KafkaProducer<String, String> open = producer("open");
                KafkaProducer<String, String> noisy = producer("noisy")) {
            transact(noisy, "aborted", AFTER);
            noisy.abortTransaction();
            transact(noisy, "open", BEFORE);
            noisy.commitTransaction();
            makeNoise(noisy);
            transact(open, "open", AFTER);
            open.flush();
            makeNoise(noisy);
            awaitCompaction(noisy, OFFSETS, "aborted", 0);
            awaitCompaction(noisy, TRANSACTIONS, "noisy", NOISE);
            restart();
            assertThat(offset("open")).isEqualTo(BEFORE);
            assertThat(offset("aborted")).isNull();
            assertThat(values()).doesNotContain("open" + AFTER).contains("open" + BEFORE);
            open.commitTransaction();
            assertOpenCommitted();
            makeNoise(noisy);
            awaitCompaction(noisy, OFFSETS, "noise", NOISE);
            restart();
            assertOpenCommitted();
            assertThat(offset("aborted")).isNull();
        }
    }

    private void assertOpenCommitted() {
        Waiting.until(
                "the offset that was pending",
                TIMEOUT,
                () -> Objects.equals(offset("open"), AFTER),
                () -> offset("open"));
        assertThat(values()).contains("open" + AFTER).doesNotContain("aborted" + AFTER);
    }

    private static KafkaProducer<String, String> producer(String transactionalId) {
        KafkaProducer<String, String> producer = BROKER.producer(
                Map.of("transactional.id", transactionalId, "transaction.timeout.ms", 600_000, "linger.ms", 0));
        producer.initTransactions();
        return producer;
    }

    /** A transaction with one record, and the offset of a group that has its name. */
    private void transact(KafkaProducer<String, String> producer, String group, long offset) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, group + offset));
        producer.sendOffsetsToTransaction(
                Map.of(INPUT, new OffsetAndMetadata(offset)),
                groups.computeIfAbsent(group, TransactionCompactionIT::metadata));
    }

    /** A group without members. */
    private static ConsumerGroupMetadata metadata(String group) {
        try (KafkaConsumer<String, String> consumer = BROKER.consumer(Map.of("group.id", group))) {
            return consumer.groupMetadata();
        }
    }

    private void makeNoise(KafkaProducer<String, String> noisy) {
        for (int i = 0; i < NOISE; i++) {
            transact(noisy, "noise", noise++);
            noisy.commitTransaction();
        }
    }

    /** Goes on writing, which closes segments, until no more than so many records have a name in their key. */
    private void awaitCompaction(KafkaProducer<String, String> noisy, TopicPartition log, String name, int most) {
        Waiting.until(
                "compaction of " + name + " in " + log,
                TIMEOUT,
                () -> {
                    transact(noisy, "noise", noise++);
                    noisy.commitTransaction();
                    return records(log, name) <= most;
                },
                () -> records(log, name));
    }

    private static long records(TopicPartition log, String name) {
        return read(log, "read_uncommitted").stream()
                .filter(each -> new String(each.key(), StandardCharsets.ISO_8859_1).contains(name))
                .count();
    }

    private static List<String> values() {
        return read(INPUT, "read_committed").stream()
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(TopicPartition log, String isolation) {
        Map<String, Object> settings = Map.of("bootstrap.servers", BROKER.bootstrap(), "isolation.level", isolation);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(log));
            consumer.seekToBeginning(List.of(log));
            long end = consumer.endOffsets(List.of(log)).get(log);
            while (consumer.position(log) < end) {
                consumer.poll(Duration.ofMillis(100)).records(log).forEach(records::add);
            }
        }
        return records;
    }

    private static @Nullable Long offset(String group) {
        try (Admin admin = BROKER.admin()) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(INPUT);
            return offset == null ? null : offset.offset();
        } catch (ExecutionException e) {
            throw new AssertionError("the offset of " + group + " could not be read", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void restart() {
        BROKER.process().kill();
        BROKER.process().start();
    }
}
