package io.milena.server.coordinator.group.consumer.assignor;

import io.milena.server.coordinator.group.consumer.assignor.GroupSpec.MemberSpec;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Shares out topics that not all members subscribe to. Members keep what they still subscribe to; what nobody has goes topic by
 * topic to the subscribers with fewest partitions; then partitions move, topic by topic and as often as it helps, from the
 * subscriber with most to the one with fewest, until they differ by one at most.
 *
 * <p>Members are numbers here: their positions in the group.
 */
final class BalancedShares {
    /** Times all topics are looked at. Each time about halves what is uneven, so the rest is not worth it. */
    private static final int MOST_ROUNDS = 16;

    private static final int NOBODY = -1;

    private final GroupSpec group;
    private final List<String> memberIds;
    private final int[] loads;
    private final Map<UUID, List<Integer>> subscribers = new HashMap<>();
    private final Map<UUID, int[]> owners = new HashMap<>();

    BalancedShares(GroupSpec group) {
        this.group = group;
        this.memberIds = new ArrayList<>(group.members().keySet());
        this.loads = new int[memberIds.size()];
    }

    Map<String, TopicPartitions> assign() {
        collectSubscribers();
        collectOwners();
        for (UUID topic : inOrder(subscribers.keySet())) {
            assignFree(topic);
        }
        balance(inOrder(subscribers.keySet().stream()
                .filter(this::hasSeveralSubscribers)
                .toList()));
        return shares();
    }

    private boolean hasSeveralSubscribers(UUID topic) {
        return subscribersOf(topic).size() > 1;
    }

    private List<Integer> subscribersOf(UUID topic) {
        return subscribers.getOrDefault(topic, List.of());
    }

    private int[] ownersOf(UUID topic) {
        return owners.computeIfAbsent(topic, id -> {
            int[] none = new int[group.partitionCount(id)];
            Arrays.fill(none, NOBODY);
            return none;
        });
    }

    private void collectSubscribers() {
        for (int member = 0; member < memberIds.size(); member++) {
            for (UUID topic : spec(member).topics()) {
                subscribers.computeIfAbsent(topic, id -> new ArrayList<>()).add(member);
            }
        }
    }

    private MemberSpec spec(int member) {
        MemberSpec spec = group.members().get(memberIds.get(member));
        if (spec == null) {
            throw new IllegalStateException("no member " + memberIds.get(member));
        }
        return spec;
    }

    private void collectOwners() {
        for (int member = 0; member < memberIds.size(); member++) {
            MemberSpec spec = spec(member);
            for (UUID topic : spec.topics()) {
                int[] topicOwners = ownersOf(topic);
                for (int partition : spec.assigned().of(topic)) {
                    if (partition < topicOwners.length && topicOwners[partition] == NOBODY) {
                        move(topicOwners, partition, member);
                    }
                }
            }
        }
    }

    private void move(int[] topicOwners, int partition, int member) {
        if (topicOwners[partition] != NOBODY) {
            loads[topicOwners[partition]]--;
        }
        topicOwners[partition] = member;
        loads[member]++;
    }

    /** Topics with most partitions for each subscriber come first, as they leave least choice. */
    private List<UUID> inOrder(Collection<UUID> topics) {
        List<UUID> ordered = new ArrayList<>(topics);
        ordered.sort(Comparator.<UUID>comparingDouble(topic -> -(double) group.partitionCount(topic)
                        / subscribersOf(topic).size())
                .thenComparingInt(topic -> subscribersOf(topic).size())
                .thenComparing(Comparator.naturalOrder()));
        return ordered;
    }

    private void assignFree(UUID topic) {
        int[] topicOwners = ownersOf(topic);
        LoadOrder order = new LoadOrder(subscribersOf(topic), loads);
        for (int partition = 0; partition < topicOwners.length; partition++) {
            if (topicOwners[partition] == NOBODY) {
                move(topicOwners, partition, order.least());
            }
        }
    }

    /** Ends when no topic was changed since the one where it began, or changed last. */
    private void balance(List<UUID> topics) {
        int last = NOBODY;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            for (int i = 0; i < topics.size(); i++) {
                if (i == last) {
                    return;
                }
                boolean moved = balance(topics.get(i));
                if (moved || last == NOBODY) {
                    last = i;
                }
            }
        }
    }

    private boolean balance(UUID topic) {
        int[] topicOwners = ownersOf(topic);
        LoadOrder order = new LoadOrder(subscribersOf(topic), loads);
        Map<Integer, List<Integer>> giveable = new HashMap<>();
        for (int partition = 0; partition < topicOwners.length; partition++) {
            giveable.computeIfAbsent(topicOwners[partition], owner -> new ArrayList<>())
                    .add(partition);
        }
        boolean moved = false;
        while (true) {
            int giver = order.most(
                    member -> !giveable.getOrDefault(member, List.of()).isEmpty());
            if (giver == LoadOrder.NOBODY) {
                return moved;
            }
            int taker = order.least();
            if (loads[giver] - loads[taker] <= 1) {
                return moved;
            }
            List<Integer> partitions = giveable.getOrDefault(giver, new ArrayList<>());
            move(topicOwners, partitions.remove(partitions.size() - 1), taker);
            moved = true;
        }
    }

    private Map<String, TopicPartitions> shares() {
        List<Map<UUID, Set<Integer>>> shares = new ArrayList<>();
        memberIds.forEach(member -> shares.add(new HashMap<>()));
        owners.forEach((topic, topicOwners) -> {
            for (int partition = 0; partition < topicOwners.length; partition++) {
                shares.get(topicOwners[partition])
                        .computeIfAbsent(topic, id -> new TreeSet<>())
                        .add(partition);
            }
        });
        Map<String, TopicPartitions> assignments = new HashMap<>();
        for (int member = 0; member < memberIds.size(); member++) {
            assignments.put(memberIds.get(member), new TopicPartitions(shares.get(member)));
        }
        return assignments;
    }
}
