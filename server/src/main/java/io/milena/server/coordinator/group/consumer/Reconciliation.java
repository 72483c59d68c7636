package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.MemberState;
import io.milena.server.coordinator.group.record.OwnedPartitions;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds a member's next step towards its target: first it gives up what it is not to have, then it moves to the target's epoch and takes
 * what is free, then it waits for what others still have. A pure function of what is given.
 *
 * @param targetEpoch epoch of the targets
 * @param target what the member is to have at that epoch
 * @param topicIds topics it subscribes to; whatever the target says, it gets no others
 * @param owners who has what
 * @param owned what the member says it has, null if it does not say
 */
record Reconciliation(
        int targetEpoch,
        TopicPartitions target,
        Set<UUID> topicIds,
        PartitionOwners owners,
        @Nullable TopicPartitions owned) {

    /** What the member has next; the same if there is nothing to do. */
    CurrentAssignment next(ConsumerMember member, boolean subscriptionChanged) {
        CurrentAssignment current = member.current();
        return switch (current.state()) {
            case STABLE -> {
                if (current.epoch() != targetEpoch) {
                    yield towardsTarget(member, current.epoch());
                }
                yield subscriptionChanged ? withoutUnsubscribed(current) : current;
            }
            case UNREVOKED_PARTITIONS -> {
                if (stillOwns(current.pendingRevocation())) {
                    yield subscriptionChanged ? withoutUnsubscribed(current) : current;
                }
                yield towardsTarget(member, current.epoch());
            }
            case UNRELEASED_PARTITIONS -> towardsTarget(member, current.epoch());
            case UNKNOWN -> {
                if (owned == null || !owned.isEmpty()) {
                    throw new CoordinatorException(
                            ErrorCode.FENCED_MEMBER_EPOCH,
                            "The consumer group member is in a unknown state. The member must abandon all its"
                                    + " partitions and rejoin.");
                }
                yield towardsTarget(member, targetEpoch);
            }
        };
    }

    /** A member that does not say what it has may still have everything. */
    private boolean stillOwns(OwnedPartitions partitions) {
        if (owned == null) {
            return true;
        }
        for (Map.Entry<UUID, Set<Integer>> topic : owned.topics().entrySet()) {
            for (int partition : topic.getValue()) {
                if (partitions.contains(topic.getKey(), partition)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Takes away at once what is no longer subscribed to, without waiting for a new target. */
    private CurrentAssignment withoutUnsubscribed(CurrentAssignment current) {
        Map<UUID, Map<Integer, Integer>> kept = new HashMap<>(current.assigned().topics());
        if (!kept.keySet().retainAll(topicIds)) {
            return current;
        }
        Map<UUID, Map<Integer, Integer>> revoked =
                new HashMap<>(current.pendingRevocation().topics());
        current.assigned().topics().forEach((topic, epochs) -> {
            if (!topicIds.contains(topic)) {
                Map<Integer, Integer> all = new TreeMap<>(revoked.getOrDefault(topic, Map.of()));
                all.putAll(epochs);
                revoked.put(topic, all);
            }
        });
        OwnedPartitions pending = new OwnedPartitions(revoked);
        return stillOwns(pending)
                ? current.next(current.epoch(), MemberState.UNREVOKED_PARTITIONS, new OwnedPartitions(kept), pending)
                : current.next(
                        current.epoch(), current.state(), new OwnedPartitions(kept), current.pendingRevocation());
    }

    private CurrentAssignment towardsTarget(ConsumerMember member, int epoch) {
        Step step = new Step(member);
        Set<UUID> topics = new HashSet<>(target.topics().keySet());
        topics.addAll(member.current().assigned().topics().keySet());
        topics.forEach(step::take);
        OwnedPartitions revoked = new OwnedPartitions(step.revoked);
        OwnedPartitions assigned = new OwnedPartitions(step.kept);
        if (!revoked.isEmpty() && stillOwns(revoked)) {
            return member.current().next(epoch, MemberState.UNREVOKED_PARTITIONS, assigned, revoked);
        }
        step.added.forEach((topic, epochs) ->
                step.kept.computeIfAbsent(topic, id -> new HashMap<>()).putAll(epochs));
        MemberState state = step.waits ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE;
        return member.current().next(targetEpoch, state, new OwnedPartitions(step.kept), OwnedPartitions.EMPTY);
    }

    /** The difference between what the member has and what it is to have. */
    private final class Step {
        private final ConsumerMember member;
        private final Map<UUID, Map<Integer, Integer>> kept = new HashMap<>();
        private final Map<UUID, Map<Integer, Integer>> revoked = new HashMap<>();
        private final Map<UUID, Map<Integer, Integer>> added = new HashMap<>();
        private boolean waits;

        Step(ConsumerMember member) {
            this.member = member;
        }

        void take(UUID topic) {
            Set<Integer> wanted = topicIds.contains(topic) ? target.of(topic) : Set.of();
            Map<Integer, Integer> assigned = member.current().assigned().of(topic);
            assigned.forEach((partition, since) -> (wanted.contains(partition) ? kept : revoked)
                    .computeIfAbsent(topic, id -> new HashMap<>())
                    .put(partition, since));
            for (int partition : wanted) {
                if (assigned.containsKey(partition)) {
                    continue;
                }
                if (isFree(topic, partition)) {
                    added.computeIfAbsent(topic, id -> new HashMap<>()).put(partition, targetEpoch);
                } else {
                    waits = true;
                }
            }
        }

        /** What the member itself is giving up it may have again. */
        private boolean isFree(UUID topic, int partition) {
            return owners.owner(topic, partition) == null
                    || member.current().pendingRevocation().contains(topic, partition);
        }
    }
}
