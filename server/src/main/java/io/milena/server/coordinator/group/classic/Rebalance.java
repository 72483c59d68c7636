package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.classic.JoinReply.JoinedMember;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves groups from one generation to the next and keeps their timers: the initial delay, the time members have to join and
 * to sync, and each member's session. Every change of a group's {@link GroupState} happens here. Runs inside the strand.
 */
final class Rebalance {
    private static final Logger LOG = LoggerFactory.getLogger(Rebalance.class);

    private final ShardContext<GroupRecord> context;
    private final ClassicSettings settings;

    Rebalance(ShardContext<GroupRecord> context, ClassicSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** Begins a rebalance, or takes the one under way as far as it goes. */
    void advance(ClassicGroup group, String reason) {
        if (group.state() == GroupState.PREPARING_REBALANCE) {
            completeIfEveryoneJoined(group);
        } else {
            begin(group, reason);
        }
    }

    /** Begins a rebalance: members have to join again. Not for a group that waits for joins already. */
    void begin(ClassicGroup group, String reason) {
        if (group.state() == GroupState.COMPLETING_REBALANCE) {
            withdrawAssignments(group, ErrorCode.REBALANCE_IN_PROGRESS);
        }
        group.pendingSyncs().clear();
        group.timers().sync(null);
        group.enter(GroupState.PREPARING_REBALANCE, context.nowMs());
        LOG.info("group rebalances: group={} generation={} reason=\"{}\"", group.groupId(), group.generation(), reason);
        if (group.isInitialRebalance()) {
            int delayMs = settings.initialRebalanceDelayMs();
            awaitMoreMembers(group, delayMs, Math.max(group.rebalanceTimeoutMs() - delayMs, 0));
        } else if (group.hasEveryoneJoined()) {
            complete(group);
        } else {
            group.timers().join(context.schedule(group.rebalanceTimeoutMs(), () -> complete(group)));
        }
    }

    /** Ends the joining if nobody is missing; an initial rebalance waits for its delay in any case. */
    void completeIfEveryoneJoined(ClassicGroup group) {
        if (group.state() == GroupState.PREPARING_REBALANCE
                && !group.isInitialRebalance()
                && group.hasEveryoneJoined()) {
            complete(group);
        }
    }

    /** Waits for the first members of a group in steps, as long as each step brings one, at most for their rebalance timeout. */
    private void awaitMoreMembers(ClassicGroup group, int delayMs, int remainingMs) {
        group.timers().join(context.schedule(delayMs, () -> {
            if (group.takeNewMemberAdded() && remainingMs != 0) {
                int nextDelayMs = Math.min(settings.initialRebalanceDelayMs(), remainingMs);
                awaitMoreMembers(group, nextDelayMs, Math.max(remainingMs - delayMs, 0));
            } else {
                complete(group);
            }
        }));
    }

    /** Ends the joining: who did not come is out, unless static, and the others form the next generation. */
    private void complete(ClassicGroup group) {
        group.timers().join(null);
        for (ClassicMember member : List.copyOf(group.members())) {
            if (!member.isAwaitingJoin() && !member.isStatic()) {
                group.remove(member.memberId());
                LOG.debug("member did not rejoin: group={} member={}", group.groupId(), member.memberId());
            }
        }
        if (group.size() > 0 && !group.electJoinedLeader()) {
            // only absent static members are left; they go when their sessions end
            group.timers().join(context.schedule(group.rebalanceTimeoutMs(), () -> complete(group)));
            return;
        }
        group.nextGeneration(context.nowMs());
        if (group.state() == GroupState.EMPTY) {
            storeEmpty(group);
        } else {
            startGeneration(group);
        }
    }

    private void storeEmpty(ClassicGroup group) {
        LOG.info("group is empty: group={} generation={}", group.groupId(), group.generation());
        try {
            context.append(List.of(group.toStore(ClassicMember::assignment)));
        } catch (CoordinatorException e) {
            // harmless: after a reload the former members come back and time out
            LOG.warn("empty group not stored: group={} error={}", group.groupId(), e.error());
        }
    }

    private void startGeneration(ClassicGroup group) {
        LOG.info(
                "group rebalanced: group={} generation={} members={} protocol={}",
                group.groupId(),
                group.generation(),
                group.size(),
                group.protocolName());
        for (ClassicMember member : group.members()) {
            answerJoin(group, member, joined(group, member));
            keepAlive(group, member);
            member.settled();
            group.pendingSyncs().add(member.memberId());
        }
        int generation = group.generation();
        group.timers().sync(context.schedule(group.rebalanceTimeoutMs(), () -> expireSyncs(group, generation)));
    }

    /** What a member is told when it is part of the present generation. */
    JoinReply joined(ClassicGroup group, ClassicMember member) {
        return joined(group, member, group.isLeader(member.memberId()), false);
    }

    /** Like {@link #joined(ClassicGroup, ClassicMember)}, saying whether to list the members and whether not to assign. */
    JoinReply joined(ClassicGroup group, ClassicMember member, boolean listMembers, boolean skipAssignment) {
        List<JoinedMember> members = List.of();
        if (listMembers) {
            String protocol = group.chosenProtocol();
            members = group.members().stream()
                    .map(m -> new JoinedMember(m.memberId(), m.groupInstanceId(), m.protocol(protocol)))
                    .toList();
        }
        String leader = group.leader() == null ? "" : group.leader();
        return new JoinReply(
                ErrorCode.NONE,
                group.generation(),
                group.protocolType(),
                group.protocolName(),
                leader,
                skipAssignment,
                member.memberId(),
                members);
    }

    /** Answers the member's parked join, if there is one. */
    void answerJoin(ClassicGroup group, ClassicMember member, JoinReply reply) {
        CompletableFuture<JoinReply> waiting = group.takeJoin(member);
        if (waiting != null) {
            context.reply(waiting, reply);
        }
    }

    private void expireSyncs(ClassicGroup group, int generation) {
        if (group.generation() != generation || group.pendingSyncs().isEmpty()) {
            return;
        }
        Set<String> late = Set.copyOf(group.pendingSyncs());
        for (String memberId : late) {
            group.remove(memberId);
        }
        begin(group, "no sync from " + late);
    }

    /** Everybody has the assignment that was stored: the group is stable. */
    void stabilize(ClassicGroup group) {
        group.enter(GroupState.STABLE, context.nowMs());
        for (ClassicMember member : group.members()) {
            answerSync(group, member, assigned(group, member));
        }
    }

    /** What a member of a stable group is told. */
    SyncReply assigned(ClassicGroup group, ClassicMember member) {
        return new SyncReply(ErrorCode.NONE, group.protocolType(), group.protocolName(), member.assignment());
    }

    /** Takes back what was assigned, and tells all who wait for it why. */
    void withdrawAssignments(ClassicGroup group, ErrorCode error) {
        for (ClassicMember member : group.members()) {
            member.assignment(OpaqueBytes.EMPTY);
            answerSync(group, member, SyncReply.error(error));
        }
    }

    void answerSync(ClassicGroup group, ClassicMember member, SyncReply reply) {
        CompletableFuture<SyncReply> waiting = member.takeSync();
        if (waiting != null) {
            context.reply(waiting, reply);
            keepAlive(group, member); // its session may have run out, unnoticed, while it waited for us
        }
    }

    /** A sign of life: the member's session begins anew. */
    void keepAlive(ClassicGroup group, ClassicMember member) {
        expectWithin(member.sessionTimeoutMs(), group, member);
    }

    /** Expects a sign of life within a time that is not the session's. */
    void expectWithin(int timeoutMs, ClassicGroup group, ClassicMember member) {
        member.session(context.schedule(timeoutMs, () -> expireSession(group, member)));
    }

    private void expireSession(ClassicGroup group, ClassicMember member) {
        if (member.hasExcuse()) {
            return;
        }
        LOG.info("member expired: group={} member={}", group.groupId(), member.memberId());
        dismiss(group, member);
        if (group.state() == GroupState.PREPARING_REBALANCE) {
            completeIfNobodyIsMissing(group);
        } else {
            begin(group, "session of " + member.memberId() + " ended");
        }
    }

    /** Removes a member; a parked join of its learns that the coordinator no longer knows it, and may start over. */
    void dismiss(ClassicGroup group, ClassicMember member) {
        answerJoin(group, member, JoinReply.error(ErrorCode.UNKNOWN_MEMBER_ID, ""));
        group.remove(member.memberId());
    }

    /** Tells whatever waits in the member's name that another one took its place. */
    void fence(ClassicGroup group, ClassicMember member) {
        answerJoin(group, member, JoinReply.error(ErrorCode.FENCED_INSTANCE_ID, member.memberId()));
        answerSync(group, member, SyncReply.error(ErrorCode.FENCED_INSTANCE_ID));
    }

    /** Keeps an id that was given out until it comes back, or time is up. */
    void expectBack(ClassicGroup group, String memberId, int timeoutMs) {
        group.timers().expect(memberId, context.schedule(timeoutMs, () -> {
            group.remove(memberId);
            if (group.state() == GroupState.PREPARING_REBALANCE) {
                completeIfNobodyIsMissing(group);
            }
        }));
    }

    /** Unlike {@link #completeIfEveryoneJoined}, also ends an initial rebalance, as there is nothing left to wait for. */
    private void completeIfNobodyIsMissing(ClassicGroup group) {
        if (group.hasEveryoneJoined()) {
            complete(group);
        }
    }

    /** Sets the timers of a group that was loaded. */
    void resume(ClassicGroup group) {
        for (ClassicMember member : group.members()) {
            keepAlive(group, member);
        }
        if (group.size() > settings.maxSize()) {
            begin(group, "loaded with more members than allowed");
        }
    }
}
