package io.milena.compat;

import static io.milena.compat.harness.GroupReads.assertNothingSkipped;
import static io.milena.compat.harness.GroupReads.assertReadOnce;
import static io.milena.compat.harness.GroupReads.awaitAllRead;
import static io.milena.compat.harness.GroupReads.ends;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Member;
import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups of the consumer protocol (KIP-848) with stock consumers: what {@link GroupIT} asks of classic groups, and what is new. */
class ConsumerGroupIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with(
            "group.consumer.min.session.timeout.ms", "3000",
            "group.consumer.session.timeout.ms", "6000",
            "group.consumer.min.heartbeat.interval.ms", "200",
            "group.consumer.heartbeat.interval.ms", "500",
            "group.consumer.assignment.interval.ms", "200",
            "group.min.session.timeout.ms", "3000");

    private static final int PARTITIONS = 12;
    private static final int HUNDRED = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String CONSUMER = "group.protocol=consumer";
    private static final String CLASSIC = "session.timeout.ms=6000";
    private static final Map<String, Object> PRODUCER = Map.of("delivery.timeout.ms", 300_000, "linger.ms", 5);

    @Test
    void shouldLoseNothingWhenMembersDieAndJoin() throws Exception {
        String topic = BROKER.topic("churn", PARTITIONS);
        NumberedProducer producer = producer(topic);
        List<Member> members = new ArrayList<>();
        try {
            for (String name : List.of("one", "two", "three")) {
                members.add(member(name, topic, CONSUMER));
            }
            awaitBalance(members, 4);
            members.get(2).kill();
            List<Member> present = new ArrayList<>(members.subList(0, 2));
            awaitBalance(present, 6);
            members.add(member("four", topic, CONSUMER));
            present.add(members.get(3));
            awaitBalance(present, 4);
            Map<TopicPartition, Map<Long, String>> sent = producer.finish();
            awaitAllRead(sent, members);
            present.forEach(Member::leave);
            assertNothingSkipped(members);
            assertThat(committed(topic)).isEqualTo(ends(sent));
        } finally {
            members.forEach(Member::close);
        }
    }

    @Test
    void shouldNotRebalanceWhenStaticMemberRestarts() {
        String topic = BROKER.topic("lasting", PARTITIONS);
        List<Member> members = new ArrayList<>();
        try {
            for (String name : List.of("one", "two", "three")) {
                members.add(member(name, topic, CONSUMER, "group.instance.id=" + name));
            }
            awaitBalance(members, 4);
            List<String> before = members.get(0).rebalances();
            Set<Integer> assignment = members.get(2).assignment();
            members.get(2).leave();
            Member restarted = member("three", topic, CONSUMER, "group.instance.id=three");
            members.add(restarted);
            Waiting.until(
                    "the assignment", TIMEOUT, () -> !restarted.assignment().isEmpty(), members::toString);
            Waiting.pause(Duration.ofSeconds(2));
            assertThat(restarted.assignment()).isEqualTo(assignment);
            assertThat(members.get(0).rebalances()).isEqualTo(before);
        } finally {
            members.forEach(Member::close);
        }
    }

    @Test
    void shouldKeepCommittedOffsetsAndMembersWhenBrokerIsKilled() throws Exception {
        String topic = BROKER.topic("killed", PARTITIONS);
        List<Member> members = new ArrayList<>();
        NumberedProducer first = producer(topic);
        try {
            members.add(member("one", topic, CONSUMER));
            members.add(member("two", topic, CONSUMER));
            awaitBalance(members, 6);
            Map<TopicPartition, Map<Long, String>> sent = first.finish();
            awaitAllRead(sent, members);
            Waiting.until("the commits", TIMEOUT, () -> committed(topic).equals(ends(sent)), () -> committed(topic));
            BROKER.process().kill();
            BROKER.process().start();
            assertThat(committed(topic)).isEqualTo(ends(sent));
            NumberedProducer second = producer(topic);
            Waiting.until("records", TIMEOUT, () -> second.count() > 500, second::count);
            Map<TopicPartition, Map<Long, String>> more = second.finish();
            more.forEach((partition, records) -> records.putAll(sent.get(partition)));
            awaitAllRead(more, members);
            assertNothingSkipped(members);
        } finally {
            members.forEach(Member::close);
        }
    }

    /** Members are replaced one by one, first by members of the new protocol, then by members of the old one, while records flow. */
    @Test
    void shouldMigrateThereAndBackWhileConsuming() throws Exception {
        String topic = BROKER.topic("migrating", PARTITIONS);
        NumberedProducer producer = producer(topic);
        List<Member> all = new ArrayList<>();
        List<Member> present = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                present.add(member("classic-" + i, topic, CLASSIC));
            }
            all.addAll(present);
            awaitBalance(present, 4);
            assertThat(groupType(topic)).isEqualTo("Classic");
            replace(present, all, topic, CONSUMER);
            assertThat(groupType(topic)).isEqualTo("Consumer");
            replace(present, all, topic, CLASSIC);
            assertThat(groupType(topic)).isEqualTo("Classic");
            Map<TopicPartition, Map<Long, String>> sent = producer.finish();
            awaitAllRead(sent, all);
            present.forEach(Member::leave);
            assertNothingSkipped(all);
            assertReadOnce(all);
            assertThat(committed(topic)).isEqualTo(ends(sent));
        } finally {
            all.forEach(Member::close);
        }
    }

    private static void replace(List<Member> present, List<Member> all, String topic, String protocol) {
        for (int i = 0; i < 3; i++) {
            present.remove(0).leave();
            Member successor = member("member-" + all.size(), topic, protocol);
            present.add(successor);
            all.add(successor);
            awaitBalance(present, 4);
        }
    }

    @Test
    void shouldFollowTopicsThatMatchAPattern() {
        BROKER.topic("pattern-1", 2);
        try (KafkaConsumer<String, String> consumer = consumer("patterns", Map.of())) {
            consumer.subscribe(new SubscriptionPattern("pattern-[0-9]+"));
            await(consumer, 2);
            BROKER.topic("pattern-2", 3);
            BROKER.topic("other-2", 3);
            await(consumer, 5);
            assertThat(consumer.assignment())
                    .allMatch(partition -> partition.topic().startsWith("pattern-"));
        }
    }

    @Test
    void shouldFollowTopicsThatMatchAPatternOfTheClient() {
        BROKER.topic("local-1", 2);
        try (KafkaConsumer<String, String> consumer = consumer("local patterns", Map.of("metadata.max.age.ms", 500))) {
            consumer.subscribe(Pattern.compile("local-[0-9]+"));
            await(consumer, 2);
            BROKER.topic("local-2", 3);
            await(consumer, 5);
        }
    }

    @Test
    void shouldCommitSeekAndPause() throws Exception {
        String topic = BROKER.topic("moves", 1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> producer = BROKER.producer(PRODUCER)) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, Integer.toString(i)))
                        .get();
            }
        }
        try (KafkaConsumer<String, String> consumer = consumer("movers", Map.of("max.poll.records", 10))) {
            consumer.subscribe(List.of(topic));
            await(consumer, 1);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(7, "seven")));
            assertThat(consumer.committed(Set.of(partition)).get(partition).metadata())
                    .isEqualTo("seven");
            AtomicReference<Exception> failure = new AtomicReference<>(new IllegalStateException("not called"));
            consumer.commitAsync(
                    Map.of(partition, new OffsetAndMetadata(8)), (offsets, outcome) -> failure.set(outcome));
            Waiting.until(
                    "the commit",
                    TIMEOUT,
                    () -> {
                        consumer.poll(POLL);
                        return failure.get() == null;
                    },
                    failure::get);
            consumer.seek(partition, 50);
            assertThat(next(consumer)).isEqualTo("50");
            consumer.pause(Set.of(partition));
            assertThat(consumer.poll(POLL)).isEmpty();
            consumer.resume(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            assertThat(next(consumer)).isEqualTo("0");
        }
        try (KafkaConsumer<String, String> consumer = consumer("movers", Map.of())) {
            consumer.subscribe(List.of(topic));
            assertThat(next(consumer)).isEqualTo("8");
        }
    }

    @Test
    void shouldServeAHundredMembers() {
        String topic = BROKER.topic("crowd", 2 * HUNDRED);
        List<KafkaConsumer<String, String>> consumers = new ArrayList<>();
        try {
            for (int i = 0; i < HUNDRED; i++) {
                KafkaConsumer<String, String> consumer = consumer("crowd", Map.of());
                consumer.subscribe(List.of(topic));
                consumers.add(consumer);
            }
            awaitShares(consumers, 2);
            consumers.subList(HUNDRED / 2, HUNDRED).forEach(KafkaConsumer::close);
            consumers.subList(HUNDRED / 2, HUNDRED).clear();
            awaitShares(consumers, 4);
        } finally {
            consumers.forEach(KafkaConsumer::close);
        }
    }

    private static void awaitShares(List<KafkaConsumer<String, String>> consumers, int each) {
        Waiting.until(
                consumers.size() + " members with " + each + " partitions",
                TIMEOUT,
                () -> {
                    Set<TopicPartition> owned = new HashSet<>();
                    boolean even = true;
                    for (KafkaConsumer<String, String> consumer : consumers) {
                        consumer.poll(Duration.ZERO);
                        even &= consumer.assignment().size() == each;
                        owned.addAll(consumer.assignment());
                    }
                    return even && owned.size() == each * consumers.size();
                },
                () -> "uneven");
    }

    private static KafkaConsumer<String, String> consumer(String group, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("group.id", group);
        settings.put("group.protocol", "consumer");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        return BROKER.consumer(settings);
    }

    private static void await(KafkaConsumer<String, String> consumer, int partitions) {
        Waiting.until(
                partitions + " partitions",
                TIMEOUT,
                () -> {
                    consumer.poll(POLL);
                    return consumer.assignment().size() == partitions;
                },
                consumer::assignment);
    }

    private static String next(KafkaConsumer<String, String> consumer) {
        AtomicReference<String> value = new AtomicReference<>("");
        Waiting.until(
                "a record",
                TIMEOUT,
                () -> {
                    for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                        value.set(record.value());
                        return true;
                    }
                    return false;
                },
                value::get);
        return value.get();
    }

    private static NumberedProducer producer(String topic) {
        NumberedProducer producer = new NumberedProducer(BROKER.producer(PRODUCER), topic, PARTITIONS);
        producer.start();
        return producer;
    }

    private static Member member(String name, String topic, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "bootstrap.servers=" + BROKER.bootstrap(), "group.id=" + topic, "reconnect.backoff.max.ms=200"));
        all.addAll(List.of(settings));
        if (!all.contains(CONSUMER)) {
            all.add("heartbeat.interval.ms=500");
        }
        return Member.start(name, topic, all);
    }

    private static void awaitBalance(List<Member> members, int each) {
        Waiting.until(
                members.size() + " members with " + each + " partitions",
                TIMEOUT,
                () -> {
                    Set<Integer> owned = new TreeSet<>();
                    members.forEach(member -> owned.addAll(member.assignment()));
                    return owned.size() == PARTITIONS
                            && members.stream()
                                    .allMatch(member -> member.assignment().size() == each);
                },
                members::toString);
    }

    private static String groupType(String group) {
        try (Admin admin = BROKER.admin()) {
            return admin.listGroups().all().toCompletionStage().toCompletableFuture().join().stream()
                    .filter(listing -> listing.groupId().equals(group))
                    .map(listing -> listing.type().orElseThrow().toString())
                    .findFirst()
                    .orElse("none");
        }
    }

    private static Map<Integer, Long> committed(String topic) {
        try (Admin admin = BROKER.admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(topic)
                    .partitionsToOffsetAndMetadata()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            Map<Integer, Long> committed = new TreeMap<>();
            IntStream.range(0, PARTITIONS).forEach(i -> {
                OffsetAndMetadata offset = offsets.get(new TopicPartition(topic, i));
                committed.put(i, offset == null ? -1 : offset.offset());
            });
            return committed;
        }
    }
}
