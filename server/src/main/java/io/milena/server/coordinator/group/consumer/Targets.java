package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.group.consumer.assignor.Assignor;
import io.milena.server.coordinator.group.consumer.assignor.GroupSpec;
import io.milena.server.coordinator.group.consumer.assignor.GroupSpec.MemberSpec;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetStored;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;

/**
 * Computes what each member of a group is to have.
 *
 * @param groupId of the group
 * @param subscriptions of all members as they will be
 * @param present what each is to have so far
 */
record Targets(String groupId, Subscriptions subscriptions, Map<String, TopicPartitions> present) {
    /** The targets of that epoch; records of those that change are added, and one of the epoch. */
    Map<String, TopicPartitions> compute(int epoch, Surroundings around, List<GroupRecord> records) {
        Map<String, TopicPartitions> computed = assignor(around.settings()).assign(spec(around));
        Map<String, TopicPartitions> targets = new HashMap<>();
        for (ConsumerMember member : subscriptions.members()) {
            String memberId = member.memberId();
            TopicPartitions target = computed.getOrDefault(memberId, TopicPartitions.EMPTY);
            targets.put(memberId, target);
            if (!target.equals(present.get(memberId))) {
                records.add(new TargetStored(groupId, memberId, target));
            }
        }
        records.add(new TargetEpochStored(groupId, epoch, around.nowMs()));
        return targets;
    }

    private GroupSpec spec(Surroundings around) {
        Map<SortedSet<String>, Set<UUID>> known = new HashMap<>(); // most members subscribe to the same
        Map<String, MemberSpec> members = new HashMap<>();
        for (ConsumerMember member : subscriptions.members()) {
            Set<UUID> topics = known.computeIfAbsent(
                    subscriptions.topicNames(member), names -> subscriptions.topicIds(member, around.image()));
            members.put(
                    member.memberId(),
                    new MemberSpec(
                            member.instanceId(),
                            topics,
                            present.getOrDefault(member.memberId(), TopicPartitions.EMPTY)));
        }
        return new GroupSpec(members, subscriptions.areHomogeneous(), subscriptions.partitionCounts(around.image()));
    }

    private Assignor assignor(ConsumerSettings settings) {
        Assignor assignor = settings.assignor(preferred(subscriptions, settings));
        return assignor == null ? settings.defaultAssignor() : assignor;
    }

    /** The name of the assignor that most members ask for, the default one if nobody asks. */
    static String preferred(Subscriptions subscriptions, ConsumerSettings settings) {
        Map<String, Integer> votes = new HashMap<>();
        for (ConsumerMember member : subscriptions.members()) {
            String wanted = member.metadata().serverAssignor();
            if (wanted != null) {
                votes.merge(wanted, 1, Integer::sum);
            }
        }
        String winner = settings.defaultAssignor().name();
        int most = 0;
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (vote.getValue() > most) {
                winner = vote.getKey();
                most = vote.getValue();
            }
        }
        return winner;
    }
}
