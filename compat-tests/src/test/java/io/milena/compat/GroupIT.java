package io.milena.compat;

import static io.milena.compat.harness.GroupReads.assertNothingSkipped;
import static io.milena.compat.harness.GroupReads.awaitAllRead;
import static io.milena.compat.harness.GroupReads.ends;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Member;
import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups whose members are processes that die, come and come back; what they read is compared with what was sent. */
class GroupIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final int PARTITIONS = 12;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Map<String, Object> PRODUCER = Map.of("delivery.timeout.ms", 300_000, "linger.ms", 5);

    @ParameterizedTest
    @ValueSource(strings = {"RangeAssignor", "CooperativeStickyAssignor"})
    void shouldLoseNothingWhenMembersDieAndJoin(String assignor) throws Exception {
        String topic = BROKER.topic("shared-" + assignor, PARTITIONS);
        String strategy = "partition.assignment.strategy=org.apache.kafka.clients.consumer." + assignor;
        NumberedProducer producer = new NumberedProducer(BROKER.producer(PRODUCER), topic, PARTITIONS);
        producer.start();
        List<Member> members = new ArrayList<>();
        try {
            for (String name : List.of("one", "two", "three")) {
                members.add(member(name, topic, strategy));
            }
            awaitBalance(members, 4);
            members.get(2).kill();
            List<Member> present = new ArrayList<>(members.subList(0, 2));
            awaitBalance(present, 6);
            members.add(member("four", topic, strategy));
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
    void shouldNotRebalanceWhenStaticMemberRestarts() throws Exception {
        String topic = BROKER.topic("static", PARTITIONS);
        List<Member> members = new ArrayList<>();
        try {
            for (String name : List.of("one", "two", "three")) {
                members.add(member(name, topic, "group.instance.id=" + name));
            }
            awaitBalance(members, 4);
            List<List<String>> before =
                    List.of(members.get(0).rebalances(), members.get(1).rebalances());
            Set<Integer> assignment = members.get(2).assignment();
            members.get(2).leave();
            Member restarted = member("three", topic, "group.instance.id=three");
            members.add(restarted);
            Waiting.until(
                    "the assignment", TIMEOUT, () -> !restarted.assignment().isEmpty(), members::toString);
            Waiting.pause(Duration.ofSeconds(2));
            assertThat(restarted.assignment()).isEqualTo(assignment);
            assertThat(members.get(0).rebalances()).isEqualTo(before.get(0));
            assertThat(members.get(1).rebalances()).isEqualTo(before.get(1));
        } finally {
            members.forEach(Member::close);
        }
    }

    @Test
    void shouldKeepCommittedOffsetsAndMembersWhenBrokerIsKilled() throws Exception {
        String topic = BROKER.topic("survive", PARTITIONS);
        List<Member> members = new ArrayList<>();
        NumberedProducer first = new NumberedProducer(BROKER.producer(PRODUCER), topic, PARTITIONS);
        first.start();
        try {
            members.add(member("one", topic, "session.timeout.ms=45000"));
            members.add(member("two", topic, "session.timeout.ms=45000"));
            awaitBalance(members, 6);
            Map<TopicPartition, Map<Long, String>> sent = first.finish();
            awaitAllRead(sent, members);
            Waiting.until("the commits", TIMEOUT, () -> committed(topic).equals(ends(sent)), () -> committed(topic));

            BROKER.process().kill();
            BROKER.process().start();
            assertThat(committed(topic)).isEqualTo(ends(sent));

            NumberedProducer second = new NumberedProducer(BROKER.producer(PRODUCER), topic, PARTITIONS);
            second.start();
            Waiting.until("records", TIMEOUT, () -> second.count() > 500, second::count);
            Map<TopicPartition, Map<Long, String>> more = second.finish();
            more.forEach((partition, records) -> records.putAll(sent.get(partition)));
            awaitAllRead(more, members);
            assertNothingSkipped(members);
        } finally {
            members.forEach(Member::close);
        }
    }

    private static Member member(String name, String topic, String setting) {
        return Member.start(
                name,
                topic,
                List.of(
                        "bootstrap.servers=" + BROKER.bootstrap(),
                        "group.id=" + topic,
                        "session.timeout.ms=6000",
                        "heartbeat.interval.ms=500",
                        "reconnect.backoff.max.ms=200",
                        setting));
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
