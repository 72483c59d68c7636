package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.record.GroupRecord;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Answers JoinGroup: takes new members in, lets known ones take part in the next generation, and decides whether a join calls
 * for a rebalance. A join is parked until its generation is formed. Runs inside the strand.
 */
final class ClassicJoin {
    private final ShardContext<GroupRecord> context;
    private final ClassicGroups groups;
    private final ClassicSettings settings;
    private final Rebalance rebalance;
    private final Supplier<UUID> ids;

    ClassicJoin(
            ShardContext<GroupRecord> context,
            ClassicGroups groups,
            ClassicSettings settings,
            Rebalance rebalance,
            Supplier<UUID> ids) {
        this.context = context;
        this.groups = groups;
        this.settings = settings;
        this.rebalance = rebalance;
        this.ids = ids;
    }

    CompletionStage<JoinReply> join(JoinRequest request) {
        CompletableFuture<JoinReply> waiting = new CompletableFuture<>();
        ClassicGroup group = groups.find(request.groupId());
        if (group == null && !request.memberId().isEmpty()) {
            return refuse(waiting, ErrorCode.UNKNOWN_MEMBER_ID, request.memberId());
        }
        if (group == null) {
            group = create(request.groupId());
        }
        if (!hasRoomFor(group, request.memberId())) {
            group.remove(request.memberId());
            return refuse(waiting, ErrorCode.GROUP_MAX_SIZE_REACHED, "");
        }
        if (!group.accepts(request.protocolType(), request.protocols())) {
            return refuse(waiting, ErrorCode.INCONSISTENT_GROUP_PROTOCOL, request.memberId());
        }
        return request.memberId().isEmpty() ? joinAnew(group, request, waiting) : joinAgain(group, request, waiting);
    }

    /** A new group is stored at once, empty as it is. */
    private ClassicGroup create(String groupId) {
        GroupRecord.ClassicGroupStored record =
                new ClassicGroup(groupId, context.nowMs()).toStore(ClassicMember::assignment);
        context.append(List.of(record));
        return groups.put(record);
    }

    /**
     * During a rebalance those count who rejoined: the group may have been larger than is allowed now, and the last to come are
     * then turned away.
     */
    private boolean hasRoomFor(ClassicGroup group, String memberId) {
        ClassicMember member = group.member(memberId);
        return switch (group.state()) {
            case EMPTY -> true;
            case PREPARING_REBALANCE ->
                (member != null && member.isAwaitingJoin()) || group.awaitingJoin() < settings.maxSize();
            case COMPLETING_REBALANCE, STABLE -> member != null || group.size() < settings.maxSize();
        };
    }

    private CompletionStage<JoinReply> joinAnew(
            ClassicGroup group, JoinRequest request, CompletableFuture<JoinReply> waiting) {
        String instanceId = request.groupInstanceId();
        String memberId = (instanceId == null ? request.clientId() : instanceId) + "-" + ids.get();
        if (instanceId != null) {
            String oldId = group.staticMember(instanceId);
            return oldId == null
                    ? add(group, memberId, request, waiting)
                    : replaceStatic(group, group.existing(oldId), memberId, request, waiting);
        }
        if (!request.memberIdRequired()) {
            return add(group, memberId, request, waiting);
        }
        rebalance.expectBack(group, memberId, request.sessionTimeoutMs());
        return refuse(waiting, ErrorCode.MEMBER_ID_REQUIRED, memberId);
    }

    private CompletionStage<JoinReply> joinAgain(
            ClassicGroup group, JoinRequest request, CompletableFuture<JoinReply> waiting) {
        String memberId = request.memberId();
        if (group.timers().expects(memberId) && request.groupInstanceId() == null) {
            return add(group, memberId, request, waiting);
        }
        ErrorCode error = group.check(new MemberIdentity(memberId, request.groupInstanceId()));
        if (error != ErrorCode.NONE) {
            return refuse(waiting, error, memberId);
        }
        ClassicMember member = group.existing(memberId);
        if (mustRebalance(group, member, request)) {
            supersede(group, member);
            group.update(member, request, waiting);
            rebalance.advance(group, memberId + " rejoins: " + request.reason());
        } else {
            context.reply(waiting, rebalance.joined(group, member));
        }
        return waiting;
    }

    /**
     * A member that offers what it offered before may just have missed our answer. Only a stable group's leader is taken
     * seriously then: it knows what else has changed, such as the partitions of a topic.
     */
    private static boolean mustRebalance(ClassicGroup group, ClassicMember member, JoinRequest request) {
        boolean changed = !member.protocols().equals(request.protocols());
        return switch (group.state()) {
            case PREPARING_REBALANCE -> true;
            case COMPLETING_REBALANCE -> changed;
            case STABLE -> changed || group.isLeader(member.memberId());
            case EMPTY -> throw new IllegalStateException("empty group has member " + member.memberId());
        };
    }

    /** One answer per member: an earlier join of its, which it gave up, is answered now. */
    private void supersede(ClassicGroup group, ClassicMember member) {
        rebalance.answerJoin(group, member, JoinReply.error(ErrorCode.REBALANCE_IN_PROGRESS, member.memberId()));
    }

    private CompletionStage<JoinReply> add(
            ClassicGroup group, String memberId, JoinRequest request, CompletableFuture<JoinReply> waiting) {
        ClassicMember member = ClassicMember.joining(memberId, request);
        group.add(member, request.protocolType(), waiting);
        rebalance.expectWithin(ClassicSettings.NEW_MEMBER_JOIN_TIMEOUT_MS, group, member);
        rebalance.advance(group, memberId + " joins: " + request.reason());
        return waiting;
    }

    /** A static member came back without its id: it takes its old place, under a new id, and the old id is fenced. */
    private CompletionStage<JoinReply> replaceStatic(
            ClassicGroup group,
            ClassicMember old,
            String memberId,
            JoinRequest request,
            CompletableFuture<JoinReply> waiting) {
        String oldLeader = group.leader() == null ? "" : group.leader();
        ClassicMember member = old.renamed(memberId);
        List<MemberProtocol> oldProtocols = old.protocols();
        rebalance.fence(group, old);
        group.replace(old, member);
        rebalance.keepAlive(group, member);
        group.update(member, request, waiting);
        String reason = "static member " + request.groupInstanceId() + " came back: " + request.reason();
        if (group.state() != GroupState.STABLE || !group.electProtocol().equals(group.protocolName())) {
            rebalance.advance(group, reason);
            return waiting;
        }
        try {
            context.append(List.of(group.toStore(ClassicMember::assignment)));
        } catch (CoordinatorException e) {
            ClassicMember restored = member.renamed(old.memberId());
            restored.update(oldProtocols, old.rebalanceTimeoutMs(), old.sessionTimeoutMs());
            group.replace(member, restored);
            rebalance.keepAlive(group, restored);
            throw e;
        }
        answerReplaced(group, member, request, oldLeader);
        return waiting;
    }

    /** Older clients would assign if told that they lead, so they are told of the leader they were before. */
    private void answerReplaced(ClassicGroup group, ClassicMember member, JoinRequest request, String oldLeader) {
        JoinReply reply;
        if (request.canSkipAssignment()) {
            boolean leads = group.isLeader(member.memberId());
            reply = rebalance.joined(group, member, leads, leads);
        } else {
            reply = rebalance.joined(group, member, false, false).withLeader(oldLeader);
        }
        rebalance.answerJoin(group, member, reply);
    }

    private CompletionStage<JoinReply> refuse(CompletableFuture<JoinReply> waiting, ErrorCode error, String memberId) {
        context.reply(waiting, JoinReply.error(error, memberId));
        return waiting;
    }
}
