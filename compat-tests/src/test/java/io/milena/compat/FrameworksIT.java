package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.AdminDifferential;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.Folders;
import io.milena.compat.program.StreamsTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What frameworks do: keep a store in a compacted topic, as a registry of schemas does, and try the newest protocol of Streams. */
class FrameworksIT {

    @RegisterExtension
    static final Differential BOTH =
            Differential.with(Map.of("group.coordinator.rebalance.protocols", "classic,consumer"));

    private static final String STORE = "_schemas";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Test
    void shouldKeepAStoreInACompactedTopic() {
        List<List<String>> both = BOTH.each(broker -> {
            List<String> story = new ArrayList<>();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                story.add(AdminDifferential.outcome(() -> description(admin)));
                story.add(AdminDifferential.outcome(() -> create(admin)));
                story.add(AdminDifferential.outcome(() -> create(admin)));
                story.add(AdminDifferential.outcome(() -> description(admin)));
                story.add(AdminDifferential.outcome(() -> cleanupPolicy(admin)));
            }
            story.add(open(broker, Map.of("subject-a", "1", "subject-b", "1")));
            story.add(open(broker, Map.of("subject-a", "2", "subject-b", "")));
            story.add(open(broker, Map.of()));
            return story;
        });
        assertThat(both.get(0)).isEqualTo(both.get(1));
        assertThat(both.get(0)).last().asString().contains("subject-a=2").doesNotContain("subject-b");
    }

    /** Streams groups are switched off at the reference; the broker does not know them. */
    @Test
    void shouldTellStreamsThatItsGroupsAreNotServed() {
        List<Set<String>> both = BOTH.each(broker -> {
            broker.topic("modern" + StreamsTopology.LINES_TOPIC, 1, Map.of());
            broker.topic("modern" + StreamsTopology.COUNTS_TOPIC, 1, Map.of());
            List<String> command = StreamsRun.command(
                    broker.bootstrap(),
                    "modern",
                    "at_least_once",
                    StreamsTopology.WORDS,
                    List.of("group.protocol=streams"));
            try (ChildProcess application =
                    ChildProcess.start("streams", command, Folders.fresh("streams"), ProcessBuilder.Redirect.PIPE)) {
                application.awaitExit(TIMEOUT);
                // How many of its threads come to say so before it ends is a race, and so is its exit code.
                return new TreeSet<>(application.stdout().lines().toList());
            }
        });
        assertThat(both.get(0)).isEqualTo(both.get(1)).contains("UnsupportedVersionException");
    }

    private static Object description(Admin admin) throws Exception {
        TopicDescription description =
                admin.describeTopics(List.of(STORE)).allTopicNames().get().get(STORE);
        return description.partitions().size() + " partitions, "
                + description.partitions().get(0).replicas().size() + " replicas";
    }

    private static Object create(Admin admin) throws Exception {
        NewTopic topic = new NewTopic(STORE, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
        return admin.createTopics(List.of(topic)).config(STORE).get().get("cleanup.policy");
    }

    private static Object cleanupPolicy(Admin admin) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, STORE);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("cleanup.policy");
    }

    /** Writes entries, an empty one being a deletion, and a key that means nothing; then reads all up to that one. */
    private static String open(BrokerProcess broker, Map<String, String> entries) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrap(), "acks", "all", "retries", 0, "enable.idempotence", false);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
                String value = entry.getValue().isEmpty() ? null : entry.getValue();
                producer.send(new ProducerRecord<>(STORE, 0, entry.getKey(), value))
                        .get();
            }
            long end = producer.send(new ProducerRecord<>(STORE, 0, "noop", null))
                    .get()
                    .offset();
            return end + " " + read(broker, end);
        } catch (Exception e) {
            throw new AssertionError("the store was not written", e);
        }
    }

    private static Map<String, String> read(BrokerProcess broker, long end) {
        Map<String, String> state = new TreeMap<>();
        TopicPartition partition = new TopicPartition(STORE, 0);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "group.id", "registry", "enable.auto.commit", false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition) <= end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.value() == null) {
                        state.remove(record.key());
                    } else {
                        state.put(record.key(), record.value());
                    }
                }
            }
        }
        return state;
    }
}
