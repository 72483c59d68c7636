package io.milena.server.coordinator.group.consumer.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.coordinator.group.consumer.assignor.GroupSpec.MemberSpec;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random groups that change at random, assigned by ours and by the reference's assignors of the same names. */
class AssignorOperationsTest {
    private static final int SEEDS = 25;
    private static final int STEPS = 25;

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void shouldAssignHomogeneousGroupsAsTheReferenceDoes(String name) {
        run(name, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void shouldAssignHeterogeneousGroupsAsTheReferenceDoes(String name) {
        run(name, false);
    }

    private static void run(String name, boolean homogeneous) {
        long first = new Random().nextLong();
        for (long seed = first; seed < first + SEEDS; seed++) {
            new RandomGroup(name, homogeneous, seed).run();
        }
    }

    /** One group and its changes. */
    private static final class RandomGroup {
        private final String context;
        private final boolean homogeneous;
        private final Random random;
        private final Assignor assignor;
        private final ReferenceAssignor reference;
        private final Map<UUID, Integer> topics = new HashMap<>();
        private final Map<String, MemberSpec> members = new HashMap<>();
        private Map<String, TopicPartitions> targets = Map.of();

        RandomGroup(String name, boolean homogeneous, long seed) {
            this.context = name + " homogeneous=" + homogeneous + " seed=" + seed;
            this.homogeneous = homogeneous;
            this.random = new Random(seed);
            this.assignor = name.equals("range") ? new RangeAssignor() : new UniformAssignor();
            this.reference = new ReferenceAssignor(name);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                change();
                Map<String, MemberSpec> now = new HashMap<>();
                members.forEach((id, member) -> now.put(
                        id,
                        new MemberSpec(
                                member.instanceId(),
                                member.topics(),
                                targets.getOrDefault(id, TopicPartitions.EMPTY))));
                GroupSpec group = new GroupSpec(now, homogeneous, topics);

                Map<String, TopicPartitions> assigned = complete(assignor.assign(group));

                assertThat(assigned).as(context + " step " + step).isEqualTo(complete(reference.assign(group)));
                targets = assigned;
            }
        }

        /** A member that is not mentioned gets nothing. */
        private Map<String, TopicPartitions> complete(Map<String, TopicPartitions> assigned) {
            Map<String, TopicPartitions> all = new HashMap<>();
            members.keySet().forEach(id -> all.put(id, assigned.getOrDefault(id, TopicPartitions.EMPTY)));
            return all;
        }

        private void change() {
            switch (random.nextInt(6)) {
                case 0 -> topics.put(new UUID(random.nextLong(), random.nextLong()), 1 + random.nextInt(20));
                case 1 -> topics.replaceAll((id, partitions) -> partitions + random.nextInt(2));
                case 2 -> {
                    if (!members.isEmpty()) {
                        members.remove(pick(members.keySet()));
                    }
                }
                case 3 -> {
                    if (topics.size() > 3) {
                        topics.remove(pick(topics.keySet()));
                    }
                }
                default -> join();
            }
            subscribe();
        }

        private void join() {
            String id = new UUID(random.nextLong(), random.nextLong()).toString();
            members.put(id, new MemberSpec(random.nextInt(4) == 0 ? "i" + id : null, Set.of(), TopicPartitions.EMPTY));
        }

        private void subscribe() {
            members.replaceAll((id, member) -> {
                Set<UUID> subscribed = new HashSet<>();
                for (UUID topic : topics.keySet()) {
                    boolean stays = member.topics().contains(topic) ? random.nextInt(8) > 0 : random.nextInt(3) == 0;
                    if (homogeneous || stays) {
                        subscribed.add(topic);
                    }
                }
                return new MemberSpec(member.instanceId(), subscribed, member.assigned());
            });
        }

        private <T> T pick(Set<T> all) {
            List<T> list = new ArrayList<>(all);
            return list.get(random.nextInt(list.size()));
        }
    }
}
