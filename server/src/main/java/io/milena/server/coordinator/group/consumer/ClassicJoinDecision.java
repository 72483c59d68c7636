package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerProtocolSubscription;
import io.milena.protocol.wire.ProtocolException;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.JoinRequest;
import io.milena.server.coordinator.group.classic.MemberProtocol;
import io.milena.server.coordinator.group.record.ClassicSupport;
import io.milena.server.coordinator.group.record.ConsumerMemberMetadata;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a JoinGroup comes to in a consumer group. Changes nothing.
 *
 * @param group which has members
 * @param around what else there is
 * @param request of a member of the classic protocol
 * @param memberId who sends it, the id it is given if it has none
 */
record ClassicJoinDecision(ConsumerGroup group, Surroundings around, JoinRequest request, String memberId) {
    /** The protocol type of consumers. */
    static final String TYPE = "consumer";

    /**
     * A member that takes a static one's place while the group is downgraded.
     *
     * @param groupEpoch of the group with it
     */
    record Successor(ConsumerMember member, int groupEpoch) {}

    /** @throws CoordinatorException if there is no room for the member, or it has no protocol in common with the others */
    void check() {
        if (group.members().size() >= around.settings().maxSize() && group.member(memberId) == null) {
            throw new CoordinatorException(ErrorCode.GROUP_MAX_SIZE_REACHED, "the group is full");
        }
        if (!TYPE.equals(request.protocolType()) || request.protocols().stream().noneMatch(this::isKnownToAll)) {
            throw new CoordinatorException(
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "Member " + memberId + "'s protocols are not supported.");
        }
    }

    private boolean isKnownToAll(MemberProtocol protocol) {
        for (ConsumerMember member : group.members().values()) {
            ClassicSupport classic = member.metadata().classic();
            if (classic != null
                    && classic.protocols().stream()
                            .noneMatch(known -> known.name().equals(protocol.name()))) {
                return false;
            }
        }
        return true;
    }

    /** The member's next step. */
    Decision<GroupRecord, JoinReply> decide() {
        List<GroupRecord> records = new ArrayList<>();
        MemberUpdate update = new MemberUpdate(group, around, records);
        ConsumerProtocolSubscription subscription = subscription();
        ConsumerMember described = describe(update, subscription);
        update.assign();
        ConsumerMember reconciled = update.reconcile(described, owned(subscription));
        return new Decision<>(records, reply(reconciled));
    }

    /** The member as it is when the group is no consumer group any more. */
    Successor succeed(int targetEpoch) {
        MemberUpdate update = new MemberUpdate(group, around, new ArrayList<>());
        ConsumerProtocolSubscription subscription = subscription();
        ConsumerMember described = describe(update, subscription);
        ConsumerMember member =
                targetEpoch < update.epoch() ? described : update.reconcile(described, owned(subscription));
        return new Successor(member, update.epoch());
    }

    private ConsumerMember describe(MemberUpdate update, ConsumerProtocolSubscription subscription) {
        ConsumerMember member = member(update);
        return update.describe(member, metadata(member.metadata(), subscription));
    }

    private ConsumerMember member(MemberUpdate update) {
        String instanceId = request.groupInstanceId();
        ConsumerMember known = instanceId == null ? group.member(memberId) : group.staticMember(instanceId);
        if (instanceId == null || (known == null && request.memberId().isEmpty())) {
            return known == null ? ConsumerMember.joining(memberId) : known;
        }
        return known != null && request.memberId().isEmpty()
                ? update.replace(known, memberId)
                : StaticMembers.check(known, memberId, instanceId);
    }

    private ConsumerMemberMetadata metadata(ConsumerMemberMetadata known, ConsumerProtocolSubscription subscription) {
        List<ClassicSupport.Protocol> protocols = request.protocols().stream()
                .map(protocol -> new ClassicSupport.Protocol(protocol.name(), protocol.metadata()))
                .toList();
        return new ConsumerMemberMetadata(
                request.groupInstanceId() == null ? known.instanceId() : request.groupInstanceId(),
                subscription.rackId() == null ? known.rackId() : subscription.rackId(),
                request.clientId(),
                request.clientHost(),
                ConsumerMemberMetadata.sorted(subscription.topics()),
                "",
                request.rebalanceTimeoutMs(),
                known.serverAssignor(),
                new ClassicSupport(request.sessionTimeoutMs(), protocols));
    }

    private ConsumerProtocolSubscription subscription() {
        try {
            return EmbeddedProtocol.subscription(request.protocols().get(0).metadata());
        } catch (ProtocolException e) {
            throw new CoordinatorException(
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "the subscription cannot be understood: " + e.getMessage());
        }
    }

    private TopicPartitions owned(ConsumerProtocolSubscription subscription) {
        return EmbeddedProtocol.owned(subscription, around.image());
    }

    static JoinReply reply(ConsumerMember member) {
        ClassicSupport classic = Objects.requireNonNull(member.metadata().classic());
        return new JoinReply(
                ErrorCode.NONE,
                member.epoch(),
                TYPE,
                classic.protocols().get(0).name(),
                "",
                false,
                member.memberId(),
                List.of());
    }
}
