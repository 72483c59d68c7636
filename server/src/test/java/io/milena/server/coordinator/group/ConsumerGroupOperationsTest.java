package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Members that follow the protocol, but come, go, die and stall at random, while topics change and the coordinator is loaded again. At no time
 * has a partition two owners, a fenced member commits nothing, what was loaded is what was there, and in the end everybody has its target.
 */
class ConsumerGroupOperationsTest {
    private static final int RUNS = 15;
    private static final int STEPS = 250;
    private static final int MOST_MEMBERS = 6;
    private static final List<String> TOPICS = List.of("t", "u", "tt", "v");

    @Test
    void shouldNeverGiveAPartitionToTwoMembers() {
        long first = new Random().nextLong();
        for (long seed = first; seed < first + RUNS; seed++) {
            new Run(seed).run();
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final GroupFixture fixture = new GroupFixture();
        private final List<Actor> actors = new ArrayList<>();
        private final Map<String, Long> committed = new HashMap<>();
        private int names;
        private long offsets;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            fixture.change(() -> fixture.topics.put("t", 4));
            for (int step = 0; step < STEPS; step++) {
                act();
                assertNoTwoOwners("seed " + seed + " step " + step);
            }
            converge();
        }

        private void act() {
            switch (random.nextInt(20)) {
                case 0, 1 -> join();
                case 2 -> pick(actor -> actor.leave(this));
                case 3 -> pick(actors::remove); // dies
                case 4 -> changeTopics();
                case 5 -> reload();
                case 6 -> pick(actor -> actor.subscribe(random));
                case 7, 8, 9 -> pick(actor -> actor.commit(this));
                case 10, 11, 12 -> fixture.advance(random.nextInt(4) == 0 ? 20_000 : random.nextInt(3_000));
                default -> pick(Actor::act);
            }
        }

        private void join() {
            if (actors.size() < MOST_MEMBERS) {
                Actor actor = new Actor(new TestConsumer(fixture, "m" + ++names, instance()));
                actor.subscribe(random);
                actors.add(actor);
                actor.act();
            }
        }

        private String instance() {
            return random.nextInt(3) == 0 ? "i" + random.nextInt(3) : null;
        }

        private void pick(Consumer<Actor> action) {
            if (!actors.isEmpty()) {
                action.accept(actors.get(random.nextInt(actors.size())));
            }
        }

        private void changeTopics() {
            String topic = TOPICS.get(random.nextInt(TOPICS.size()));
            boolean remove = fixture.topics.exists(topic) && random.nextInt(4) == 0;
            fixture.change(() -> {
                if (remove) {
                    fixture.topics.remove(topic);
                } else {
                    fixture.topics.put(topic, fixture.topics.partitions(topic) + 1 + random.nextInt(3));
                }
            });
            if (remove) {
                committed.keySet().removeIf(partition -> partition.startsWith(topic + "-"));
            }
        }

        private void reload() {
            String before = describe();
            Map<String, Long> offsetsBefore = fetch();
            fixture.restart();
            assertThat(describe()).as("seed " + seed).isEqualTo(before);
            assertThat(fetch()).as("seed " + seed).isEqualTo(offsetsBefore).isEqualTo(committed);
        }

        private String describe() {
            ConsumerGroupDescribeResponse.Group group =
                    fixture.reply(fixture.coordinator.describeConsumers(TestConsumer.GROUP));
            Set<String> members = new TreeSet<>();
            group.members()
                    .forEach(member -> members.add("memberId=" + member.memberId() + ", " + member.instanceId() + " "
                            + member.memberEpoch() + " " + member.subscribedTopicNames() + " "
                            + member.subscribedTopicRegex() + " " + held(member.assignment()) + " "
                            + held(member.targetAssignment())));
            return group.errorCode() + " " + group.groupState() + " " + group.groupEpoch() + " "
                    + group.assignmentEpoch() + " " + members;
        }

        private static Set<String> held(ConsumerGroupDescribeResponse.Assignment assignment) {
            Set<String> held = new TreeSet<>();
            assignment
                    .topicPartitions()
                    .forEach(topic ->
                            topic.partitions().forEach(partition -> held.add(topic.topicName() + "-" + partition)));
            return held;
        }

        private Map<String, Long> fetch() {
            Map<String, Long> found = new HashMap<>();
            List<OffsetFetchResponse.GroupTopic> topics = fixture.reply(fixture.coordinator.fetch(
                    new OffsetFetchRequest.Group().groupId(TestConsumer.GROUP).topics(null)));
            topics.forEach(topic -> topic.partitions()
                    .forEach(partition ->
                            found.put(topic.name() + "-" + partition.partitionIndex(), partition.committedOffset())));
            return found;
        }

        /** Whoever the coordinator would let commit owns its partitions alone. */
        private void assertNoTwoOwners(String context) {
            ConsumerGroupDescribeResponse.Group group =
                    fixture.reply(fixture.coordinator.describeConsumers(TestConsumer.GROUP));
            Map<String, String> owners = new HashMap<>();
            for (ConsumerGroupDescribeResponse.Member member : group.members()) {
                for (String partition : held(member.assignment())) {
                    assertThat(owners.put(partition, member.memberId()))
                            .as(context)
                            .isNull();
                }
            }
            Set<String> ids = new HashSet<>();
            group.members().forEach(member -> ids.add(member.memberId()));
            for (Actor actor : actors) {
                if (ids.contains(actor.consumer.memberId) && actor.joined) {
                    for (String partition : actor.consumer.holds()) {
                        String owner = owners.get(partition);
                        boolean isGone = owner == null && !partition.matches("(t|u|tt|v)-\\d+");
                        assertThat(isGone || actor.consumer.memberId.equals(owner))
                                .as(context + ": " + actor.consumer.memberId + " holds " + partition + " of " + owner)
                                .isTrue();
                    }
                }
            }
        }

        /** Left alone, everybody gets what it is to have, and together they have everything they subscribe to. */
        private void converge() {
            for (int round = 0; round < 30; round++) {
                fixture.advance(GroupFixture.HEARTBEAT_MS);
                actors.forEach(Actor::act);
            }
            ConsumerGroupDescribeResponse.Group group =
                    fixture.reply(fixture.coordinator.describeConsumers(TestConsumer.GROUP));
            Set<String> waiting = new HashSet<>();
            actors.stream().filter(actor -> !actor.joined).forEach(actor -> waiting.add(actor.consumer.memberId));
            if (group.errorCode() == ErrorCode.NONE && !actors.isEmpty()) {
                assertThat(group.groupState()).as("seed " + seed + " " + group).isEqualTo("Stable");
                assertThat(group.members()).as("seed " + seed).hasSize(actors.size() - waiting.size());
                group.members()
                        .forEach(member -> assertThat(held(member.assignment()))
                                .as("seed " + seed)
                                .isEqualTo(held(member.targetAssignment())));
            }
        }
    }

    /** A client that follows the protocol. */
    private static final class Actor {
        private final TestConsumer consumer;
        private boolean joined;
        private boolean changed;

        Actor(TestConsumer consumer) {
            this.consumer = consumer;
        }

        void act() {
            ErrorCode error;
            if (!joined) {
                error = consumer.join();
            } else if (changed) {
                error = consumer.beatFully();
            } else {
                error = consumer.beat();
            }
            take(error);
        }

        private void take(ErrorCode error) {
            switch (error) {
                case NONE -> {
                    joined = true;
                    changed = false;
                }
                case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND, FENCED_INSTANCE_ID -> forget();
                case UNRELEASED_INSTANCE_ID -> assertThat(consumer.instanceId).isNotNull();
                default -> assertThat(error).isNull();
            }
        }

        private void forget() {
            joined = false;
            consumer.owned.clear();
        }

        void subscribe(Random random) {
            changed = true;
            boolean byRegex = random.nextInt(4) == 0;
            consumer.regex = byRegex ? List.of("t.*", "u|v").get(random.nextInt(2)) : "";
            List<String> names = new ArrayList<>();
            if (!byRegex) {
                TOPICS.stream().filter(topic -> random.nextInt(3) > 0).forEach(names::add);
            }
            consumer.topics = names;
        }

        void leave(Run run) {
            if (joined) {
                ErrorCode error = consumer.instanceId != null && run.random.nextBoolean()
                        ? consumer.leaveForAWhile()
                        : consumer.leave();
                assertThat(error)
                        .isIn(
                                ErrorCode.NONE,
                                ErrorCode.UNKNOWN_MEMBER_ID,
                                ErrorCode.FENCED_INSTANCE_ID,
                                ErrorCode.GROUP_ID_NOT_FOUND);
            }
            run.actors.remove(this);
        }

        /** A commit passes only while the coordinator says that the partition is its sender's. */
        void commit(Run run) {
            Set<String> held = consumer.holds();
            if (!joined || held.isEmpty()) {
                return;
            }
            String partition = List.copyOf(held).get(run.random.nextInt(held.size()));
            String topic = partition.substring(0, partition.indexOf('-', partition.length() > 30 ? 24 : 0));
            if (!run.fixture.topics.exists(topic)) {
                return;
            }
            int index = Integer.parseInt(partition.substring(topic.length() + 1));
            boolean isKnown = run.describe().contains("memberId=" + consumer.memberId + ",");
            long offset = ++run.offsets;
            ErrorCode error = consumer.commit(topic, index, offset);
            if (error == ErrorCode.NONE) {
                assertThat(isKnown)
                        .as("seed " + run.seed + ": a fenced member committed")
                        .isTrue();
                run.committed.put(partition, offset);
            } else {
                assertThat(error)
                        .as("seed " + run.seed)
                        .isIn(ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.STALE_MEMBER_EPOCH, ErrorCode.GROUP_ID_NOT_FOUND);
            }
        }
    }
}
