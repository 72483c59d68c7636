package io.milena.server.coordinator.group.consumer.assignor;

import io.milena.server.coordinator.group.consumer.assignor.GroupSpec.MemberSpec;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Shares out topics that all members subscribe to. Each member keeps what it has up to its quota, then those below theirs get what
 * is left. Quotas differ by one at most; the larger ones go to members that need them to keep what they have, as long as there
 * are any to give.
 */
final class EqualShares {
    private final GroupSpec group;
    private final Set<UUID> topics;
    private final Map<String, Map<UUID, Set<Integer>>> shares = new HashMap<>();
    private final Map<String, Integer> missing = new LinkedHashMap<>();
    private final Deque<Partition> free = new ArrayDeque<>();
    private int largerQuotas;

    private record Partition(UUID topic, int index) {}

    EqualShares(GroupSpec group) {
        this.group = group;
        this.topics = group.members().values().iterator().next().topics();
    }

    Map<String, TopicPartitions> assign() {
        if (topics.isEmpty()) {
            return Map.of();
        }
        int members = group.members().size();
        int partitions = collectUnassigned();
        largerQuotas = partitions % members;
        int membersLeft = members;
        for (Map.Entry<String, MemberSpec> member : group.members().entrySet()) {
            keep(member.getKey(), member.getValue(), partitions / members, membersLeft);
            membersLeft--;
        }
        missing.forEach(this::fill);
        Map<String, TopicPartitions> assignments = new HashMap<>();
        shares.forEach((member, share) -> assignments.put(member, new TopicPartitions(share)));
        return assignments;
    }

    /** Finds what nobody has; returns how many partitions there are. */
    private int collectUnassigned() {
        Map<UUID, Set<Integer>> assigned = new HashMap<>();
        for (MemberSpec member : group.members().values()) {
            member.assigned()
                    .topics()
                    .forEach((topic, indexes) -> assigned.computeIfAbsent(topic, id -> new TreeSet<>())
                            .addAll(indexes));
        }
        int partitions = 0;
        for (UUID topic : topics) {
            Set<Integer> taken = assigned.getOrDefault(topic, Set.of());
            int count = group.partitionCount(topic);
            for (int index = 0; index < count; index++) {
                if (!taken.contains(index)) {
                    free.add(new Partition(topic, index));
                }
            }
            partitions += count;
        }
        return partitions;
    }

    private void keep(String memberId, MemberSpec member, int smallerQuota, int membersLeft) {
        boolean larger = largerQuotas > 0;
        int quota = larger ? smallerQuota + 1 : smallerQuota;
        Map<UUID, Set<Integer>> share = new HashMap<>();
        for (Map.Entry<UUID, Set<Integer>> topic : member.assigned().topics().entrySet()) {
            if (topics.contains(topic.getKey())) {
                quota -= keep(share, topic.getKey(), topic.getValue(), quota);
            }
        }
        if (quota > 0 && larger && membersLeft > largerQuotas) {
            quota--; // somebody after it may need the larger quota more
            larger = false;
        }
        if (larger) {
            largerQuotas--;
        }
        if (quota > 0) {
            missing.put(memberId, quota);
        }
        shares.put(memberId, share);
    }

    /** Keeps a topic's first partitions up to the quota and frees the others; returns how many were kept. */
    private int keep(Map<UUID, Set<Integer>> share, UUID topic, Set<Integer> indexes, int quota) {
        Set<Integer> kept = new TreeSet<>();
        int count = group.partitionCount(topic);
        for (int index : indexes) {
            if (kept.size() == quota) {
                free.add(new Partition(topic, index));
            } else if (index < count) {
                kept.add(index);
            }
        }
        share.put(topic, kept);
        return kept.size();
    }

    private void fill(String memberId, int quota) {
        Map<UUID, Set<Integer>> share = shares.computeIfAbsent(memberId, id -> new HashMap<>());
        for (int i = 0; i < quota && !free.isEmpty(); i++) {
            Partition partition = free.remove();
            share.computeIfAbsent(partition.topic(), id -> new TreeSet<>()).add(partition.index());
        }
    }
}
