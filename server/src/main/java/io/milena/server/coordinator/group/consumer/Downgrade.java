package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.MemberProtocol;
import io.milena.server.coordinator.group.classic.MemberSnapshot;
import io.milena.server.coordinator.group.record.ClassicSupport;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Makes a classic group of a consumer group whose last member of the consumer protocol goes: the epoch becomes the generation, what members
 * were to have becomes their assignment. Changes nothing.
 *
 * @param group all of whose other members speak the classic protocol
 * @param around what else there is
 * @param maxSize most members of a classic group
 */
record Downgrade(ConsumerGroup group, Surroundings around, int maxSize) {
    /** Whether the group becomes a classic one when these members go and that many come. */
    boolean isDue(Collection<ConsumerMember> leaving, int coming) {
        int staying = group.members().size() - leaving.size();
        long classicStaying = group.members().values().stream()
                .filter(member -> member.isClassic() && !leaving.contains(member))
                .count();
        return classicStaying == staying
                && staying + coming > 0
                && around.settings().migration().downgrades()
                && staying + coming <= maxSize;
    }

    /** The consumer group's end, and the classic group of those who stay. */
    List<GroupRecord> records(Collection<ConsumerMember> leaving) {
        List<ConsumerMember> staying = new ArrayList<>(group.members().values());
        staying.removeAll(leaving);
        List<MemberSnapshot> members = new ArrayList<>();
        staying.forEach(member -> members.add(snapshot(member, group.target(member.memberId()))));
        return records(group.tombstones(), group.epoch(), members);
    }

    /** Like {@link #records(Collection)}, with a classic member in the place of the last one of the consumer protocol. */
    List<GroupRecord> records(ConsumerMember leaving, ConsumerMember successor, int epoch) {
        List<MemberSnapshot> members = new ArrayList<>();
        for (ConsumerMember member : group.members().values()) {
            if (!member.equals(leaving)) {
                members.add(snapshot(member, group.target(member.memberId())));
            }
        }
        members.add(snapshot(successor, group.target(leaving.memberId())));
        return records(group.tombstones(), epoch, members);
    }

    private List<GroupRecord> records(List<GroupRecord> tombstones, int generation, List<MemberSnapshot> members) {
        List<GroupRecord> records = new ArrayList<>(tombstones);
        records.add(ClassicGroup.formed(group.groupId(), generation, around.nowMs(), members));
        return records;
    }

    private MemberSnapshot snapshot(ConsumerMember member, TopicPartitions target) {
        ClassicSupport classic = Objects.requireNonNull(member.metadata().classic());
        List<MemberProtocol> protocols = classic.protocols().stream()
                .map(protocol -> new MemberProtocol(protocol.name(), protocol.metadata()))
                .toList();
        OpaqueBytes subscription = protocols.get(0).metadata();
        return new MemberSnapshot(
                new MemberIdentity(member.memberId(), member.instanceId()),
                member.metadata().clientId(),
                member.metadata().clientHost(),
                member.metadata().rebalanceTimeoutMs(),
                classic.sessionTimeoutMs(),
                protocols,
                EmbeddedProtocol.assignment(target, subscription, around.image()));
    }
}
