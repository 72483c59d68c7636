package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.JoinRequest;
import io.milena.server.coordinator.group.classic.LeaveReply;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.classic.SyncRequest;
import io.milena.server.coordinator.group.consumer.MemberTimers.Kind;
import io.milena.server.coordinator.group.record.ClassicSupport;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.MemberState;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Serves members of consumer groups that speak the classic protocol, while a group moves from one to the other. They are led to their
 * targets like all others: a join is a step, a sync fetches what it gave, a heartbeat says when the next step is due. The epoch is their
 * generation. Runs inside the strand.
 */
public final class ClassicMembers {
    private final ShardContext<GroupRecord> context;
    private final ConsumerUpkeep upkeep;
    private final Supplier<UUID> ids;

    /** @param ids where new members' ids come from */
    public ClassicMembers(ShardContext<GroupRecord> context, ConsumerUpkeep upkeep, Supplier<UUID> ids) {
        this.context = context;
        this.upkeep = upkeep;
        this.ids = ids;
    }

    /**
     * JoinGroup; answered at once.
     *
     * @throws CoordinatorException if it is refused
     */
    public CompletionStage<JoinReply> join(ConsumerGroup group, JoinRequest request) {
        boolean isNew = request.memberId().isEmpty();
        String memberId = isNew ? ids.get().toString() : request.memberId();
        ClassicJoinDecision join =
                new ClassicJoinDecision(group, upkeep.surroundings(group.groupId()), request, memberId);
        join.check();
        if (isNew && request.memberIdRequired() && request.groupInstanceId() == null) {
            return context.carryOut(Decision.reply(JoinReply.error(ErrorCode.MEMBER_ID_REQUIRED, memberId)));
        }
        ConsumerMember old = group.staticMember(request.groupInstanceId());
        if (old != null && !old.isClassic() && upkeep.downgrade(group).isDue(List.of(old), 1)) {
            return downgrade(group, old, join);
        }
        CompletionStage<JoinReply> reply = context.carryOut(join.decide());
        ConsumerMember member = group.existing(memberId);
        upkeep.stopExpecting(group, member, Kind.JOIN);
        upkeep.heard(group.groupId(), memberId, true);
        upkeep.expect(group, member, Kind.SYNC, request.rebalanceTimeoutMs());
        return reply;
    }

    /** A static member comes back by the classic protocol, as the last one: the group does, too. */
    private CompletionStage<JoinReply> downgrade(ConsumerGroup group, ConsumerMember old, ClassicJoinDecision join) {
        ClassicJoinDecision.Successor successor = join.succeed(group.targetEpoch());
        boolean isStale = group.targetEpoch() < successor.groupEpoch();
        List<GroupRecord> records = upkeep.downgrade(group).records(old, successor.member(), successor.groupEpoch());
        CompletionStage<JoinReply> reply =
                upkeep.carryOutDowngrade(group, records, ClassicJoinDecision.reply(successor.member()));
        upkeep.downgraded(group, isStale ? "downgraded with assignments that are out of date" : null);
        return reply;
    }

    /**
     * SyncGroup; answered at once.
     *
     * @throws CoordinatorException if it is refused
     */
    public CompletionStage<SyncReply> sync(ConsumerGroup group, SyncRequest request) {
        ConsumerMember member = check(group, request.member(), request.generation());
        ClassicSupport classic = support(member);
        ClassicSupport.Protocol protocol = classic.protocols().get(0);
        boolean otherType = request.protocolType() != null && !ClassicJoinDecision.TYPE.equals(request.protocolType());
        boolean otherName = request.protocolName() != null && !protocol.name().equals(request.protocolName());
        if (otherType || otherName) {
            throw new CoordinatorException(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "another protocol was agreed on");
        }
        if (group.epoch() > member.epoch() && member.current().state() != MemberState.UNREVOKED_PARTITIONS) {
            awaitJoin(group, member);
            throw new CoordinatorException(ErrorCode.REBALANCE_IN_PROGRESS, "the group has moved on");
        }
        upkeep.stopExpecting(group, member, Kind.SYNC);
        upkeep.keepAlive(group, member);
        OpaqueBytes assignment = EmbeddedProtocol.assignment(
                member.current().assigned().partitions(),
                protocol.metadata(),
                upkeep.surroundings(group.groupId()).image());
        return context.carryOut(Decision.reply(
                new SyncReply(ErrorCode.NONE, request.protocolType(), request.protocolName(), assignment)));
    }

    /**
     * Heartbeat: {@code REBALANCE_IN_PROGRESS} if the member's next step is due.
     *
     * @throws CoordinatorException if it is refused
     */
    public ErrorCode heartbeat(ConsumerGroup group, MemberIdentity identity, int generation) {
        ConsumerMember member = check(group, identity, generation);
        upkeep.keepAlive(group, member);
        boolean mustJoin =
                switch (member.current().state()) {
                    case UNREVOKED_PARTITIONS -> true;
                    case UNRELEASED_PARTITIONS -> member.epoch() < group.epoch() || !waits(group, member);
                    case STABLE, UNKNOWN -> member.epoch() < group.epoch();
                };
        if (!mustJoin) {
            return ErrorCode.NONE;
        }
        awaitJoin(group, member);
        return ErrorCode.REBALANCE_IN_PROGRESS;
    }

    /** Whether others still have something that the member is to have. */
    private static boolean waits(ConsumerGroup group, ConsumerMember member) {
        TopicPartitions target = group.target(member.memberId());
        for (Map.Entry<UUID, Set<Integer>> topic : target.topics().entrySet()) {
            for (int partition : topic.getValue()) {
                boolean has = member.current().assigned().contains(topic.getKey(), partition);
                if (!has && group.owners().owner(topic.getKey(), partition) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private void awaitJoin(ConsumerGroup group, ConsumerMember member) {
        if (!upkeep.expects(group, member, Kind.JOIN)) {
            upkeep.expect(group, member, Kind.JOIN, member.metadata().rebalanceTimeoutMs());
        }
    }

    private static ConsumerMember check(ConsumerGroup group, MemberIdentity identity, int generation) {
        ConsumerMember member = member(group, identity);
        if (!member.isClassic()) {
            throw new CoordinatorException(
                    ErrorCode.UNKNOWN_MEMBER_ID, "Member " + member.memberId() + " does not use the classic protocol.");
        }
        if (member.epoch() != generation) {
            throw new CoordinatorException(ErrorCode.ILLEGAL_GENERATION, "the generation is " + member.epoch());
        }
        return member;
    }

    private static ConsumerMember member(ConsumerGroup group, MemberIdentity identity) {
        String instanceId = identity.groupInstanceId();
        return instanceId == null
                ? group.existing(identity.memberId())
                : StaticMembers.check(group.staticMember(instanceId), identity.memberId(), instanceId);
    }

    private static ClassicSupport support(ConsumerMember member) {
        ClassicSupport classic = member.metadata().classic();
        if (classic == null || classic.protocols().isEmpty()) {
            throw new CoordinatorException(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "the member has no protocol");
        }
        return classic;
    }

    /** LeaveGroup: removes the members that can be removed, of whatever protocol. */
    public CompletionStage<List<LeaveReply>> leave(ConsumerGroup group, List<MemberIdentity> leaving) {
        Set<ConsumerMember> removed = new LinkedHashSet<>();
        List<LeaveReply> replies = new ArrayList<>(leaving.size());
        for (MemberIdentity identity : leaving) {
            try {
                removed.add(leaver(group, identity));
                replies.add(new LeaveReply(identity, ErrorCode.NONE));
            } catch (CoordinatorException e) {
                replies.add(new LeaveReply(identity, e.error()));
            }
        }
        return removed.isEmpty() ? context.carryOut(Decision.reply(replies)) : upkeep.dismiss(group, removed, replies);
    }

    /** An administrator names static members by their lasting names alone. */
    private static ConsumerMember leaver(ConsumerGroup group, MemberIdentity identity) {
        String instanceId = identity.groupInstanceId();
        return instanceId != null && identity.memberId().isEmpty()
                ? StaticMembers.existing(group.staticMember(instanceId), instanceId)
                : member(group, identity);
    }
}
