package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.ClientProcess;
import io.milena.compat.harness.Readers;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Transactions of each generation of the Java client: the oldest keep their epoch, the newest change it with each transaction. */
class TransactionIT {

    @RegisterExtension
    static final RunningBroker BROKER =
            RunningBroker.with("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");

    private static final List<String> GENERATIONS = ClientProcess.GENERATIONS;
    private static final int PARTITIONS = 3;
    private static final int COUNT = 60;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static ClientProcess client(String generation, String transactionalId, int timeoutMs) {
        return ClientProcess.start(
                generation,
                "TransactionalClient",
                List.of(BROKER.bootstrap(), transactionalId, Integer.toString(timeoutMs)));
    }

    private static ClientProcess client(String generation, String transactionalId) {
        return client(generation, transactionalId, 60_000);
    }

    private static void succeed(ClientProcess client, String... commands) {
        for (String command : commands) {
            assertThat(client.command(command)).as(command).containsExactly("ok done");
        }
    }

    private static List<String> sorted(List<List<String>> partitions) {
        return partitions.stream().flatMap(Collection::stream).sorted().toList();
    }

    private static List<String> values(String prefix) {
        return IntStream.range(0, COUNT).mapToObj(i -> prefix + i).sorted().toList();
    }

    private static String send(String topic, String prefix) {
        return "send " + topic + " " + PARTITIONS + " " + prefix + " " + COUNT;
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldShowOnlyWhatIsCommitted(String generation) {
        String topic = BROKER.topic("shown-" + generation, PARTITIONS);
        try (ClientProcess client = client(generation, topic)) {
            succeed(client, "init", "begin", send(topic, "aborted-"), "flush", "abort");
            succeed(client, "begin", send(topic, "committed-"), "commit");
            succeed(client, "begin", "commit", "begin", "abort");
            succeed(client, "begin", send(topic, "open-"), "flush");
            assertThat(sorted(Readers.committed(BROKER, topic, PARTITIONS))).isEqualTo(values("committed-"));
            assertThat(sorted(Readers.uncommitted(BROKER, topic, PARTITIONS))).hasSize(3 * COUNT);
            succeed(client, "commit");
            assertThat(sorted(Readers.committed(BROKER, topic, PARTITIONS)))
                    .containsAll(values("open-"))
                    .hasSize(2 * COUNT);
        }
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldFenceAProducerWhoseIdIsTaken(String generation) {
        String topic = BROKER.topic("fenced-" + generation, PARTITIONS);
        try (ClientProcess zombie = client(generation, topic);
                ClientProcess successor = client(generation, topic)) {
            succeed(zombie, "init", "begin", send(topic, "zombie-"), "flush");
            succeed(successor, "init", "begin", send(topic, "successor-"), "commit");
            assertThat(zombie.command("commit").get(0)).containsPattern("ProducerFenced|InvalidProducerEpoch");
            assertThat(sorted(Readers.committed(BROKER, topic, PARTITIONS))).isEqualTo(values("successor-"));
            succeed(successor, "begin", "abort");
        }
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldAbortWhatTakesTooLong(String generation) {
        String topic = BROKER.topic("late-" + generation, PARTITIONS);
        try (ClientProcess late = client(generation, topic, 1_500)) {
            succeed(late, "init", "begin", send(topic, "late-"), "flush");
            Waiting.until(
                    "the transaction to be aborted",
                    TIMEOUT,
                    () -> ends(topic, "read_committed").equals(ends(topic, "read_uncommitted")),
                    () -> ends(topic, "read_committed"));
            assertThat(late.command("commit").get(0)).doesNotContain("done");
            assertThat(sorted(Readers.committed(BROKER, topic, PARTITIONS))).isEmpty();
        }
        try (ClientProcess next = client(generation, topic)) {
            succeed(next, "init", "begin", send(topic, "next-"), "commit");
            assertThat(sorted(Readers.committed(BROKER, topic, PARTITIONS))).isEqualTo(values("next-"));
        }
    }

    private static Collection<Long> ends(String topic, String isolation) {
        try (var consumer = BROKER.consumer(Map.of("isolation.level", isolation))) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            return partitions.stream().map(ends::get).toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"2.1.1,classic,400", "2.8.2,classic,400", "3.9.1,classic,400", "4.3.1,classic,400", "4.3.1,consumer,100"
    })
    void shouldMoveRecordsAndOffsetsTogether(String generation, String protocol, int count) throws Exception {
        String from = BROKER.topic("from-" + generation + protocol, PARTITIONS);
        String to = BROKER.topic("to-" + generation + protocol, PARTITIONS);
        String group = "copiers-" + protocol;
        List<List<String>> input = fill(from, count);
        try (ClientProcess copier = client(generation, "copier-" + generation)) {
            succeed(copier, "init", "copy " + group + " " + from + " " + to + " " + count + " " + protocol);
        }
        assertThat(Readers.committed(BROKER, to, PARTITIONS)).isEqualTo(input);
        assertThat(sorted(Readers.uncommitted(BROKER, to, PARTITIONS))).hasSizeGreaterThan(count);
        try (var admin = BROKER.admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(offsets.get(new TopicPartition(from, partition)).offset())
                        .isEqualTo(input.get(partition).size());
            }
        }
    }

    private static List<List<String>> fill(String topic, int count) throws InterruptedException, ExecutionException {
        List<List<String>> values = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                values.add(new ArrayList<>());
            }
            for (int i = 0; i < count; i++) {
                values.get(i % PARTITIONS).add("input-" + i);
                sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, "input-" + i)));
            }
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
        return values;
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldCommitAlthoughATopicIsDeleted(String generation) throws Exception {
        String kept = BROKER.topic("kept-" + generation, PARTITIONS);
        String deleted = BROKER.topic("deleted-" + generation, PARTITIONS);
        try (ClientProcess client = client(generation, kept)) {
            succeed(client, "init", "begin", send(kept, "kept-"), send(deleted, "lost-"), "flush");
            try (var admin = BROKER.admin()) {
                admin.deleteTopics(List.of(deleted)).all().get();
            }
            succeed(client, "commit", "begin", send(kept, "next-"), "commit");
        }
        assertThat(sorted(Readers.committed(BROKER, kept, PARTITIONS)))
                .containsAll(values("kept-"))
                .containsAll(values("next-"))
                .hasSize(2 * COUNT);
    }

    @ParameterizedTest
    @FieldSource("GENERATIONS")
    void shouldGoOnWhenTheBrokerIsKilledInATransaction(String generation) {
        String topic = BROKER.topic("killed-" + generation, PARTITIONS);
        try (ClientProcess survivor = client(generation, topic);
                ClientProcess zombie = client(generation, topic + "-zombie")) {
            succeed(survivor, "init", "begin", send(topic, "aborted-"), "flush", "abort");
            succeed(survivor, "begin", send(topic, "before-"), "flush");
            succeed(zombie, "init", "begin", send(topic, "zombie-"), "flush");
            BROKER.process().kill();
            BROKER.process().start();
            succeed(survivor, send(topic, "after-"), "commit");
            assertThat(ends(topic, "read_committed")).isNotEqualTo(ends(topic, "read_uncommitted"));
            try (ClientProcess successor = client(generation, topic + "-zombie")) {
                succeed(successor, "init");
                assertThat(zombie.command("commit").get(0)).containsPattern("ProducerFenced|InvalidProducerEpoch");
            }
            assertThat(sorted(Readers.committed(BROKER, topic, PARTITIONS)))
                    .containsAll(values("before-"))
                    .containsAll(values("after-"))
                    .hasSize(2 * COUNT);
        }
    }
}
