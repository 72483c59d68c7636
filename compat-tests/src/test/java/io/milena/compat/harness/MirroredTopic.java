package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A topic of numbered records in one cluster and its mirror in another, as MirrorMaker names it. */
public final class MirroredTopic {

    private static final Map<String, Object> COMMITTED = Map.of("isolation.level", "read_committed");

    private final String name;
    private final int partitions;
    private final String alias;
    private final String source;
    private final String target;

    /** A topic of the cluster {@code alias} at {@code source}, mirrored to {@code target}. */
    public MirroredTopic(String name, int partitions, String alias, String source, String target) {
        this.name = name;
        this.partitions = partitions;
        this.alias = alias;
        this.source = source;
        this.target = target;
    }

    /** Its name in its own cluster. */
    public String name() {
        return name;
    }

    /** The address of its own cluster. */
    public String source() {
        return source;
    }

    /** Waits until the mirror has so many records. */
    public void awaitMirrored(int records, Duration timeout, Supplier<?> state) {
        awaitTopic(mirror(), timeout);
        Waiting.until(
                records + " records in " + mirror(),
                timeout,
                () -> ends(target, mirror()).values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        >= records,
                state);
    }

    /** Lets a group of its own cluster have read all there is. */
    public void commit(String group) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", source, "group.id", group),
                new StringDeserializer(),
                new StringDeserializer())) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            ends(source, name).forEach((partition, end) -> offsets.put(partition, new OffsetAndMetadata(end)));
            consumer.commitSync(offsets);
        }
    }

    /** Waits until the mirror ends where the topic ends, and asserts that both have the same records in the same order. */
    public void awaitEqual(Duration timeout, Supplier<?> state) {
        for (int partition = 0; partition < partitions; partition++) {
            TopicPartition mirrored = new TopicPartition(mirror(), partition);
            List<String> expected = values(source, new TopicPartition(name, partition));
            Waiting.until(
                    expected.size() + " records in " + mirrored,
                    timeout,
                    () -> values(target, mirrored).size() >= expected.size(),
                    state);
            assertThat(values(target, mirrored)).isEqualTo(expected);
        }
    }

    /**
     * Waits until the group would miss nothing if it went on in the other cluster, and read nothing again if it has read all;
     * MirrorMaker knows fewer offsets the older they are.
     */
    public void awaitGroup(String group, Duration timeout, Supplier<?> state) {
        for (int i = 0; i < partitions; i++) {
            TopicPartition partition = new TopicPartition(name, i);
            TopicPartition mirrored = new TopicPartition(mirror(), i);
            List<String> left = after(source, partition, offsets(source, group).get(partition));
            Waiting.until(
                    group + " to have " + left.size() + " records of " + mirrored + " left",
                    timeout,
                    () -> isMirrored(
                            left, after(target, mirrored, offsets(target, group).get(mirrored))),
                    () -> offsets(source, group) + " " + offsets(target, group) + " " + state.get());
        }
    }

    private static boolean isMirrored(List<String> left, List<String> mirrored) {
        int again = mirrored.size() - left.size();
        return again >= 0 && mirrored.subList(again, mirrored.size()).equals(left) && (again == 0 || !left.isEmpty());
    }

    /** The settings that were given to the mirror itself. */
    public Map<String, String> mirroredConfigs() {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, mirror());
        return with(
                target,
                admin -> admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                        .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)));
    }

    /** Waits for a topic of the other cluster. */
    public void awaitTopic(String topic, Duration timeout) {
        Waiting.until(
                topic,
                timeout,
                () -> with(target, admin -> admin.listTopics().names().get()).contains(topic),
                () -> with(target, admin -> admin.listTopics().names().get()));
    }

    /** Waits until the other cluster has a checkpoint of each group. */
    public void awaitCheckpoints(Collection<String> groups, Duration timeout) {
        TopicPartition checkpoints = new TopicPartition(alias + ".checkpoints.internal", 0);
        awaitTopic(checkpoints.topic(), timeout);
        Waiting.until(
                "checkpoints of " + groups,
                timeout,
                () -> {
                    List<String> keys = keys(checkpoints);
                    return groups.stream().allMatch(group -> keys.stream().anyMatch(key -> key.contains(group)));
                },
                () -> keys(checkpoints));
    }

    /** Waits until heartbeats have come over. */
    public void awaitHeartbeats(Duration timeout, Supplier<?> state) {
        TopicPartition heartbeats = new TopicPartition(alias + ".heartbeats", 0);
        awaitTopic(heartbeats.topic(), timeout);
        Waiting.until(
                heartbeats.topic(),
                timeout,
                () -> !keys(heartbeats).isEmpty(),
                () -> "none of %d, of %d in the cluster itself; %s"
                        .formatted(
                                PartitionReader.read(target, heartbeats, Map.of())
                                        .size(),
                                PartitionReader.read(source, new TopicPartition("heartbeats", 0), Map.of())
                                        .size(),
                                state.get()));
    }

    private String mirror() {
        return alias + "." + name;
    }

    private Map<TopicPartition, Long> ends(String bootstrap, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
            return consumer.endOffsets(IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList());
        }
    }

    private static List<String> values(String bootstrap, TopicPartition partition) {
        return PartitionReader.read(bootstrap, partition, COMMITTED).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    private List<String> keys(TopicPartition partition) {
        return PartitionReader.read(target, partition, COMMITTED).stream()
                .map(record -> Objects.toString(record.key()))
                .toList();
    }

    private static List<String> after(String bootstrap, TopicPartition partition, OffsetAndMetadata from) {
        long first = from == null ? 0 : from.offset();
        return PartitionReader.read(bootstrap, partition, COMMITTED).stream()
                .filter(record -> record.offset() >= first)
                .map(ConsumerRecord::value)
                .toList();
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(String bootstrap, String group) {
        return with(
                bootstrap,
                admin -> admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get());
    }

    private interface Question<T> {
        T ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    private static <T> T with(String bootstrap, Question<T> question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return question.ask(admin);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("no answer from " + bootstrap, e);
        }
    }
}
