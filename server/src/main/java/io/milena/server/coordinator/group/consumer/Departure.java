package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetRemoved;
import io.milena.server.coordinator.group.record.GroupRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Members leave a group, or are thrown out: the group has a new epoch without them. Changes nothing.
 *
 * @param group they are members of
 * @param around what else there is
 */
record Departure(ConsumerGroup group, Surroundings around) {
    /** The records of their departure. */
    List<GroupRecord> records(Collection<ConsumerMember> leaving) {
        String groupId = group.groupId();
        List<GroupRecord> records = new ArrayList<>();
        Map<String, ConsumerMember> staying = new HashMap<>(group.members());
        for (ConsumerMember member : leaving) {
            records.add(new CurrentRemoved(groupId, member.memberId()));
            records.add(new TargetRemoved(groupId, member.memberId()));
            records.add(new MemberRemoved(groupId, member.memberId()));
            staying.remove(member.memberId());
        }
        Set<String> unused = new HashSet<>(Subscriptions.regexes(leaving));
        unused.removeAll(Subscriptions.regexes(staying.values()));
        unused.forEach(regex -> records.add(new RegexRemoved(groupId, regex)));
        long hash = new Subscriptions(staying.values(), group.regexes()).metadataHash(around.image());
        records.add(new EpochStored(groupId, group.epoch() + 1, hash));
        return records;
    }
}
