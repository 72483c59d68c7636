package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Answers SyncGroup: followers wait until the leader's assignment is stored, then everybody gets its part, in whatever order
 * they came. Runs inside the strand.
 */
final class ClassicSync {
    private final ShardContext<GroupRecord> context;
    private final ClassicGroups groups;
    private final Rebalance rebalance;

    ClassicSync(ShardContext<GroupRecord> context, ClassicGroups groups, Rebalance rebalance) {
        this.context = context;
        this.groups = groups;
        this.rebalance = rebalance;
    }

    CompletionStage<SyncReply> sync(SyncRequest request) {
        CompletableFuture<SyncReply> waiting = new CompletableFuture<>();
        ClassicGroup group = groups.find(request.groupId());
        ErrorCode error = group == null ? ErrorCode.UNKNOWN_MEMBER_ID : check(group, request);
        if (group == null || error != ErrorCode.NONE) {
            context.reply(waiting, SyncReply.error(error));
            return waiting;
        }
        ClassicMember member = group.existing(request.member().memberId());
        group.pendingSyncs().remove(member.memberId());
        if (group.state() == GroupState.STABLE) {
            context.reply(waiting, rebalance.assigned(group, member));
            return waiting;
        }
        rebalance.answerSync(
                group, member, SyncReply.error(ErrorCode.REBALANCE_IN_PROGRESS)); // an earlier one, given up
        member.awaitSync(waiting);
        if (group.isLeader(member.memberId())) {
            assign(group, request);
        }
        return waiting;
    }

    private static ErrorCode check(ClassicGroup group, SyncRequest request) {
        ErrorCode identity = group.check(request.member());
        if (identity != ErrorCode.NONE) {
            return identity;
        }
        if (request.generation() != group.generation()) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        if (contradict(request.protocolType(), group.protocolType())
                || contradict(request.protocolName(), group.protocolName())) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        return group.state() == GroupState.PREPARING_REBALANCE ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    private static boolean contradict(@Nullable String said, @Nullable String known) {
        return said != null && known != null && !said.equals(known);
    }

    /** Stores and hands out the leader's assignment; whom it forgot gets an empty one. */
    private void assign(ClassicGroup group, SyncRequest request) {
        try {
            context.append(List.of(group.toStore(member -> part(request, member))));
        } catch (CoordinatorException e) {
            rebalance.withdrawAssignments(group, e.error());
            rebalance.begin(group, "assignment not stored: " + e.error());
            return;
        }
        for (ClassicMember member : group.members()) {
            member.assignment(part(request, member));
        }
        rebalance.stabilize(group);
    }

    private static OpaqueBytes part(SyncRequest request, ClassicMember member) {
        return request.assignments().getOrDefault(member.memberId(), OpaqueBytes.EMPTY);
    }
}
