package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.record.GroupRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The classic group protocol of one shard: what members of its groups ask, and what time does to them. Runs inside the strand. */
public final class ClassicProtocol {
    private final ClassicGroups groups;
    private final Rebalance rebalance;
    private final ClassicJoin join;
    private final ClassicSync sync;

    /** @param ids where new members' ids come from */
    public ClassicProtocol(
            ShardContext<GroupRecord> context, ClassicGroups groups, ClassicSettings settings, Supplier<UUID> ids) {
        this.groups = groups;
        this.rebalance = new Rebalance(context, settings);
        this.join = new ClassicJoin(context, groups, settings, rebalance, ids);
        this.sync = new ClassicSync(context, groups, rebalance);
    }

    /** JoinGroup; completes when the generation is formed, or earlier with an error. */
    public CompletionStage<JoinReply> join(JoinRequest request) {
        return join.join(request);
    }

    /** SyncGroup; completes when the leader's assignment is stored, or earlier with an error. */
    public CompletionStage<SyncReply> sync(SyncRequest request) {
        return sync.sync(request);
    }

    /** Heartbeat: keeps the session, and tells the member whether it has to join again. */
    public ErrorCode heartbeat(String groupId, MemberIdentity identity, int generation) {
        ClassicGroup group = groups.find(groupId);
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error = group.check(identity);
        if (error != ErrorCode.NONE) {
            return error;
        }
        if (generation != group.generation()) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        rebalance.keepAlive(group, group.existing(identity.memberId()));
        return group.state() == GroupState.PREPARING_REBALANCE ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    /** LeaveGroup: removes the members that can be removed, then rebalances once. */
    public List<LeaveReply> leave(String groupId, List<MemberIdentity> leaving) {
        ClassicGroup group = groups.find(groupId);
        List<LeaveReply> replies = new ArrayList<>(leaving.size());
        boolean anyLeft = false;
        for (MemberIdentity member : leaving) {
            ErrorCode error = group == null ? ErrorCode.UNKNOWN_MEMBER_ID : leave(group, member);
            anyLeft |= error == ErrorCode.NONE;
            replies.add(new LeaveReply(member, error));
        }
        if (group != null && anyLeft && group.state() != GroupState.EMPTY) {
            rebalance.advance(
                    group,
                    "members left: "
                            + leaving.stream().map(MemberIdentity::memberId).toList());
        }
        return replies;
    }

    private ErrorCode leave(ClassicGroup group, MemberIdentity identity) {
        String memberId = identity.memberId();
        if (memberId.isEmpty()) { // an administrator removes a static member by its lasting name
            memberId = staticMember(group, identity.groupInstanceId());
            if (memberId == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
        } else if (group.timers().expects(memberId)) {
            group.remove(memberId);
            return ErrorCode.NONE;
        } else {
            ErrorCode error = group.check(identity);
            if (error != ErrorCode.NONE) {
                return error;
            }
        }
        rebalance.dismiss(group, group.existing(memberId));
        return ErrorCode.NONE;
    }

    private static @Nullable String staticMember(ClassicGroup group, @Nullable String groupInstanceId) {
        return groupInstanceId == null ? null : group.staticMember(groupInstanceId);
    }

    /** A commit is a sign of life, too, but while the group waits for its assignment. */
    public void committed(ClassicGroup group, String memberId) {
        ClassicMember member = group.member(memberId);
        if (member != null && group.state() != GroupState.COMPLETING_REBALANCE) {
            rebalance.keepAlive(group, member);
        }
    }

    /** A group was formed by members of a group of another protocol: their sessions begin, and a rebalance if there is a reason. */
    public void formed(String groupId, @Nullable String reason) {
        ClassicGroup group = groups.find(groupId);
        if (group != null) {
            group.members().forEach(member -> rebalance.keepAlive(group, member));
            if (reason != null) {
                rebalance.advance(group, reason);
            }
        }
    }

    /** The group goes on under another protocol: whoever waits in it is to join again. */
    public void dissolved(ClassicGroup group) {
        for (ClassicMember member : List.copyOf(group.members())) {
            rebalance.answerJoin(group, member, JoinReply.error(ErrorCode.REBALANCE_IN_PROGRESS, member.memberId()));
            rebalance.answerSync(group, member, SyncReply.error(ErrorCode.REBALANCE_IN_PROGRESS));
        }
        group.stopTimers();
    }

    /** The groups were loaded: their members' sessions begin anew. */
    public void loaded() {
        groups.all().forEach(rebalance::resume);
    }

    /** The groups are led elsewhere: stops all timers and tells all who wait. */
    public void unloaded() {
        CoordinatorException moved =
                new CoordinatorException(ErrorCode.NOT_COORDINATOR, "the group is no longer coordinated here");
        for (ClassicGroup group : groups.all()) {
            group.stopTimers();
            for (ClassicMember member : group.members()) {
                fail(group.takeJoin(member), moved);
                fail(member.takeSync(), moved);
            }
        }
    }

    private static void fail(@Nullable CompletableFuture<?> waiting, CoordinatorException cause) {
        if (waiting != null) {
            waiting.completeExceptionally(cause);
        }
    }
}
