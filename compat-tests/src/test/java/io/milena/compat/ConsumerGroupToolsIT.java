package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock tools show groups of both protocols, and what is stored of them, as they do with the reference. */
class ConsumerGroupToolsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("offsets.topic.num.partitions", "1"));

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String GROUPS = "consumer.group.ConsumerGroupCommand ";
    private static final String CONSOLE = "consumer.ConsoleConsumer ";
    private static final String NEW_PROTOCOL = " --command-property group.protocol=consumer";
    private static final Map<BrokerProcess, Thread> MEMBERS = new ConcurrentHashMap<>();

    @BeforeAll
    static void prepare() {
        BOTH.each(ConsumerGroupToolsIT::prepare);
    }

    private static String prepare(BrokerProcess broker) {
        broker.topic("stock", 2, Map.of());
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 8; i++) {
                producer.send(new ProducerRecord<>("stock", i % 2, null, "item " + i))
                        .get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        use(broker, "left", "consumer");
        use(broker, "old", "classic");
        CompletableFuture<Void> joined = new CompletableFuture<>();
        Thread member = new Thread(() -> stay(broker, joined), "member of live");
        member.start();
        joined.join();
        MEMBERS.put(broker, member);
        return "ready";
    }

    private static KafkaConsumer<String, String> consumer(BrokerProcess broker, String group, String protocol) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        settings.put("client.id", "clerk");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** A member that comes, commits and goes. */
    private static void use(BrokerProcess broker, String group, String protocol) {
        try (KafkaConsumer<String, String> consumer = consumer(broker, group, protocol)) {
            consumer.subscribe(List.of("stock"));
            awaitAssignment(consumer);
            commit(consumer);
        }
    }

    private static void awaitAssignment(KafkaConsumer<String, String> consumer) {
        Waiting.until(
                "an assignment",
                TIMEOUT,
                () -> {
                    consumer.poll(POLL);
                    return consumer.assignment().size() == 2;
                },
                consumer::assignment);
    }

    private static void commit(KafkaConsumer<String, String> consumer) {
        consumer.commitSync(Map.of(new TopicPartition("stock", 0), new OffsetAndMetadata(1, "one")));
        consumer.commitSync(Map.of(new TopicPartition("stock", 1), new OffsetAndMetadata(3)));
    }

    /** A member that comes, commits and stays until it is interrupted. */
    private static void stay(BrokerProcess broker, CompletableFuture<Void> joined) {
        try (KafkaConsumer<String, String> consumer = consumer(broker, "live", "consumer")) {
            consumer.subscribe(List.of("stock"));
            awaitAssignment(consumer);
            commit(consumer);
            joined.complete(null);
            while (true) {
                consumer.poll(POLL);
            }
        } catch (org.apache.kafka.common.errors.InterruptException told) {
            joined.complete(null);
        } catch (RuntimeException | AssertionError e) {
            joined.completeExceptionally(e);
        }
    }

    @AfterAll
    static void leave() throws InterruptedException {
        for (Thread member : MEMBERS.values()) {
            member.interrupt();
            member.join();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--describe --group live --state",
                "--describe --group live --state --verbose",
                "--describe --group live --members",
                "--describe --group live --members --verbose",
                "--describe --group live --offsets",
                "--describe --group live --offsets --verbose",
                "--describe --group left --state",
                "--describe --group left --members --verbose",
                "--describe --group left --offsets",
                "--describe --group old --state",
                "--describe --group none --state",
                "--describe --group none --members",
                "--describe --all-groups --offsets",
                "--list",
                "--list --state",
                "--list --type",
                "--list --type consumer",
                "--list --type classic",
                "--list --type Consumer --state stable,empty",
                "--list --state Empty",
                "--delete --group live",
                "--reset-offsets --group live --topic stock --to-earliest --dry-run",
                "--reset-offsets --group left --topic stock --to-earliest --dry-run",
                "--delete-offsets --group live --topic stock"
            })
    void shouldShowGroups(String line) {
        BOTH.run(GROUPS + line).same();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--list", "--list --consumer", "--list --group-type consumer", "--list --protocol consumer"})
    void shouldListGroupsOfAllKinds(String line) {
        BOTH.run("GroupsCommand " + line).same();
    }

    @Test
    void shouldReadAtTheConsole() {
        assertThat(BOTH.runAlone(CONSOLE + "--topic stock --from-beginning --max-messages 8 --group reader"
                                + NEW_PROTOCOL)
                        .same()
                        .lines())
                .contains("item 0", "item 7");
    }

    /** Both readers at once: they end when nothing came for a while. */
    @Test
    void shouldShowWhatIsStored() {
        List<CompletableFuture<Differential.Outcome>> outcomes = Stream.of(
                        "OffsetsMessageFormatter", "GroupMetadataMessageFormatter")
                .map(formatter -> CompletableFuture.supplyAsync(
                        () -> BOTH.runAlone(
                                CONSOLE + "--topic __consumer_offsets --from-beginning --timeout-ms 15000 --partition 0"
                                        + " --formatter org.apache.kafka.tools.consumer." + formatter),
                        task -> new Thread(task, "reader").start()))
                .toList();
        for (CompletableFuture<Differential.Outcome> outcome : outcomes) {
            outcome.join()
                    .replacing("\\}\\}\\{", "}} {")
                    .replacing("-?\\d{13}", "MS")
                    .replacing("Processed a total of \\d+ messages", "")
                    .same();
        }
    }
}
