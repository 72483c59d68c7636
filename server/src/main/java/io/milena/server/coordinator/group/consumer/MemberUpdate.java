package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.OldMetadataRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetStored;
import io.milena.server.coordinator.group.record.ConsumerMemberMetadata;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sign of life of one member does to its group: it may subscribe to other topics, so that the group has a new epoch; a new
 * epoch has new targets; and the member takes its next step towards its own. Collects the records for all that and changes nothing.
 */
final class MemberUpdate {
    private final ConsumerGroup group;
    private final Surroundings around;
    private final List<GroupRecord> records;
    private Map<String, ConsumerMember> members;
    private Map<String, ResolvedRegex> regexes;
    private Map<String, TopicPartitions> targets;
    private int epoch;
    private int targetEpoch;
    private boolean subscriptionChanged;

    /** @param records records of the group's making, to which those of this update are added */
    MemberUpdate(ConsumerGroup group, Surroundings around, List<GroupRecord> records) {
        this.group = group;
        this.around = around;
        this.records = records;
        this.members = group.members();
        this.regexes = group.regexes();
        this.targets = group.targets();
        this.epoch = group.epoch();
        this.targetEpoch = group.targetEpoch();
    }

    /** Puts a new member in a static one's place; it is to have what the old one was to have. */
    ConsumerMember replace(ConsumerMember old, String memberId) {
        String groupId = group.groupId();
        CurrentAssignment had = old.current();
        CurrentAssignment current = new CurrentAssignment(
                CurrentAssignment.JOINING,
                CurrentAssignment.JOINING,
                had.state(),
                had.assigned(),
                had.pendingRevocation());
        ConsumerMember successor = new ConsumerMember(memberId, old.metadata(), current);
        TopicPartitions target = group.target(old.memberId());
        records.add(new CurrentRemoved(groupId, old.memberId()));
        records.add(new TargetRemoved(groupId, old.memberId()));
        records.add(new MemberRemoved(groupId, old.memberId()));
        records.add(new MemberStored(groupId, memberId, successor.metadata()));
        records.add(new TargetStored(groupId, memberId, target));
        records.add(new CurrentStored(groupId, memberId, current));
        members = new HashMap<>(members);
        members.remove(old.memberId());
        members.put(memberId, successor);
        targets = new HashMap<>(targets);
        targets.remove(old.memberId());
        targets.put(memberId, target);
        return successor;
    }

    /** What the member says of itself now. A change of the topics it subscribes to calls for a new epoch of the group. */
    ConsumerMember describe(ConsumerMember before, ConsumerMemberMetadata metadata) {
        ConsumerMember after = before.with(metadata);
        boolean namesChanged = !metadata.topicNames().equals(before.metadata().topicNames());
        RegexChange regexChange = RegexChange.of(group, before, after);
        if (!metadata.equals(before.metadata())) { // most heartbeats say nothing new and must cost little
            records.add(new MemberStored(group.groupId(), after.memberId(), metadata));
            members = new HashMap<>(members);
            members.put(after.memberId(), after);
        }
        if (regexChange != RegexChange.NONE) {
            dropUnused(before.metadata().regex());
        }
        subscriptionChanged = namesChanged || regexChange != RegexChange.NONE;
        // what a pattern stands for is found out afterwards, and is then the reason for a new epoch
        boolean mustAssign = namesChanged || regexChange == RegexChange.RESOLVED;
        if (mustAssign || group.isMetadataStale()) {
            bumpEpoch(mustAssign);
        }
        return after;
    }

    private void dropUnused(@Nullable String regex) {
        if (regex != null && !Subscriptions.regexes(members.values()).contains(regex)) {
            records.add(new RegexRemoved(group.groupId(), regex));
            regexes = new HashMap<>(regexes);
            regexes.remove(regex);
        }
    }

    private void bumpEpoch(boolean mustAssign) {
        long hash = subscriptions().metadataHash(around.image());
        if (mustAssign || hash != group.metadataHash()) {
            epoch++;
            records.add(new EpochStored(group.groupId(), epoch, hash));
        }
        if (group.hasOldMetadata()) {
            records.add(new OldMetadataRemoved(group.groupId()));
        }
    }

    private Subscriptions subscriptions() {
        return new Subscriptions(members.values(), regexes);
    }

    /** Computes targets for the group's epoch, unless there are some or the last ones are too recent. */
    void assign() {
        if (epoch > targetEpoch && mayAssign()) {
            targets = new Targets(group.groupId(), subscriptions(), targets).compute(epoch, around, records);
            targetEpoch = epoch;
        }
    }

    private boolean mayAssign() {
        long last = group.targetTimestampMs();
        int interval = around.assignmentIntervalMs();
        return last == 0 || interval == 0 || around.nowMs() >= last + interval;
    }

    /** Leads the member towards its target. */
    ConsumerMember reconcile(ConsumerMember member, @Nullable TopicPartitions owned) {
        if (!subscriptionChanged && member.current().isReconciledTo(targetEpoch)) {
            return member;
        }
        Reconciliation reconciliation = new Reconciliation(
                targetEpoch,
                targets.getOrDefault(member.memberId(), TopicPartitions.EMPTY),
                subscriptions().topicIds(member, around.image()),
                group.owners(),
                owned);
        CurrentAssignment next = reconciliation.next(member, subscriptionChanged);
        if (next.equals(member.current())) {
            return member;
        }
        records.add(new CurrentStored(group.groupId(), member.memberId(), next));
        return member.with(next);
    }

    /** The group's epoch with all this. */
    int epoch() {
        return epoch;
    }
}
