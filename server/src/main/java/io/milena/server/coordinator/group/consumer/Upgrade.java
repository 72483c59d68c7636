package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerProtocolAssignment;
import io.milena.protocol.message.ConsumerProtocolSubscription;
import io.milena.protocol.wire.ProtocolException;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.MemberSnapshot;
import io.milena.server.coordinator.group.record.ClassicSupport;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetStored;
import io.milena.server.coordinator.group.record.ConsumerMemberMetadata;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.MemberState;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.coordinator.group.record.OwnedPartitions;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a consumer group of a classic group that has members: its generation becomes the epoch, what members were given becomes what they
 * have and are to have. Changes nothing.
 *
 * @param classic a group of consumers
 * @param around what else there is
 */
record Upgrade(ClassicGroup classic, Surroundings around) {
    /**
     * The records that make the consumer group; the classic one's end is not among them.
     *
     * @throws CoordinatorException with {@code GROUP_ID_NOT_FOUND} if the group cannot be upgraded
     */
    List<ConsumerGroupRecord> records() {
        check();
        String groupId = classic.groupId();
        int epoch = classic.generation();
        List<ConsumerMember> members = new ArrayList<>();
        classic.snapshots().forEach(snapshot -> members.add(member(snapshot)));
        long hash = new Subscriptions(members, new ConsumerGroup(groupId).regexes()).metadataHash(around.image());
        List<ConsumerGroupRecord> records = new ArrayList<>();
        members.forEach(member -> records.add(new MemberStored(groupId, member.memberId(), member.metadata())));
        records.add(new EpochStored(groupId, epoch, hash));
        members.forEach(member -> records.add(new TargetStored(
                groupId, member.memberId(), member.current().assigned().partitions())));
        records.add(new TargetEpochStored(groupId, epoch, 0));
        members.forEach(member -> records.add(new CurrentStored(groupId, member.memberId(), member.current())));
        return records;
    }

    private void check() {
        if (!around.settings().migration().upgrades()) {
            throw refused("online upgrade is disabled");
        }
        if (!classic.isOfConsumers()) {
            throw refused("the group does not use the consumer embedded protocol");
        }
        if (classic.size() > around.settings().maxSize()) {
            throw refused("the group size exceeds the consumer group maximum size");
        }
    }

    private CoordinatorException refused(String reason) {
        return new CoordinatorException(
                ErrorCode.GROUP_ID_NOT_FOUND,
                "Cannot upgrade classic group " + classic.groupId() + " to consumer group because " + reason + ".");
    }

    private ConsumerMember member(MemberSnapshot snapshot) {
        try {
            ConsumerProtocolSubscription subscription =
                    EmbeddedProtocol.subscription(snapshot.metadata(classic.protocolName()));
            int epoch = classic.generation();
            CurrentAssignment current = new CurrentAssignment(
                    epoch,
                    epoch,
                    MemberState.STABLE,
                    OwnedPartitions.since(epoch, assigned(snapshot.assignment())),
                    OwnedPartitions.EMPTY);
            return new ConsumerMember(snapshot.memberId(), metadata(snapshot, subscription), current);
        } catch (ProtocolException e) {
            throw refused("the embedded consumer protocol is malformed");
        }
    }

    private static ConsumerMemberMetadata metadata(MemberSnapshot snapshot, ConsumerProtocolSubscription subscription) {
        List<ClassicSupport.Protocol> protocols = snapshot.protocols().stream()
                .map(protocol -> new ClassicSupport.Protocol(protocol.name(), protocol.metadata()))
                .toList();
        return new ConsumerMemberMetadata(
                snapshot.groupInstanceId(),
                subscription.rackId(),
                snapshot.clientId(),
                snapshot.clientHost(),
                ConsumerMemberMetadata.sorted(subscription.topics()),
                "",
                snapshot.rebalanceTimeoutMs(),
                null,
                new ClassicSupport(snapshot.sessionTimeoutMs(), protocols));
    }

    /** A member that has not synced yet has nothing. */
    private TopicPartitions assigned(OpaqueBytes bytes) {
        if (bytes.equals(OpaqueBytes.EMPTY)) {
            return TopicPartitions.EMPTY;
        }
        ConsumerProtocolAssignment assignment = EmbeddedProtocol.assignment(bytes);
        byte[] userData = assignment.userData();
        if (userData != null && userData.length > 0) {
            throw refused("an unsupported custom assignor is in use. Please refer to the documentation or switch to a"
                    + " default assignor before re-attempting the upgrade");
        }
        return EmbeddedProtocol.assigned(assignment, around.image());
    }
}
