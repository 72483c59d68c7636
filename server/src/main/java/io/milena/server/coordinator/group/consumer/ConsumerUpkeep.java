package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.classic.ClassicProtocol;
import io.milena.server.coordinator.group.consumer.MemberTimers.Kind;
import io.milena.server.coordinator.group.record.ClassicSupport;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.MemberState;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What time does to consumer groups: silent and slow members are thrown out, patterns are matched again. Runs inside the strand. */
public final class ConsumerUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerUpkeep.class);

    /** When to try again to throw out a member, after the log refused it. */
    private static final long RETRY_MS = 500;

    private final ShardContext<GroupRecord> context;
    private final ConsumerGroups groups;
    private final ClassicProtocol classic;
    private final ConsumerEnvironment environment;
    private final MemberTimers timers = new MemberTimers();

    /** @param classic takes over groups whose members all speak its protocol */
    public ConsumerUpkeep(
            ShardContext<GroupRecord> context,
            ConsumerGroups groups,
            ClassicProtocol classic,
            ConsumerEnvironment environment) {
        this.context = context;
        this.groups = groups;
        this.classic = classic;
        this.environment = environment;
    }

    /** What decisions about a group depend on, now. */
    Surroundings surroundings(String groupId) {
        return environment.around(groupId, context.nowMs());
    }

    /** A member's sign of life was taken in. */
    void heard(String groupId, String memberId, boolean progressed) {
        ConsumerGroup group = groups.find(groupId);
        ConsumerMember member = group == null ? null : group.member(memberId);
        if (group == null || member == null) {
            return;
        }
        group.metadataStale(false);
        keepAlive(group, member);
        if (progressed) {
            watchRevocation(group, member);
        }
        refreshRegexes(group);
    }

    /** The member's session begins anew. */
    void keepAlive(ConsumerGroup group, ConsumerMember member) {
        ClassicSupport classic = member.metadata().classic();
        int timeoutMs = classic == null ? surroundings(group.groupId()).sessionTimeoutMs() : classic.sessionTimeoutMs();
        expect(group, member, Kind.SESSION, timeoutMs);
    }

    /** Throws the member out unless it is heard of in time. */
    void expect(ConsumerGroup group, ConsumerMember member, Kind kind, int timeoutMs) {
        schedule(group.groupId(), member.memberId(), kind, timeoutMs, member.epoch());
    }

    boolean expects(ConsumerGroup group, ConsumerMember member, Kind kind) {
        return timers.isRunning(group.groupId(), member.memberId(), kind);
    }

    void stopExpecting(ConsumerGroup group, ConsumerMember member, Kind kind) {
        timers.stop(group.groupId(), member.memberId(), kind);
    }

    /** A member has its rebalance timeout to give up partitions; one that speaks the classic protocol has to join again instead. */
    void watchRevocation(ConsumerGroup group, ConsumerMember member) {
        if (member.current().state() == MemberState.UNREVOKED_PARTITIONS && !member.isClassic()) {
            expect(group, member, Kind.REVOCATION, member.metadata().rebalanceTimeoutMs());
        } else {
            stopExpecting(group, member, Kind.REVOCATION);
        }
    }

    private void schedule(String groupId, String memberId, Kind kind, long delayMs, int epoch) {
        timers.start(groupId, memberId, kind, context.schedule(delayMs, () -> {
            timers.stop(groupId, memberId, kind);
            expire(groupId, memberId, kind, epoch);
        }));
    }

    private void expire(String groupId, String memberId, Kind kind, int epoch) {
        ConsumerGroup group = groups.find(groupId);
        ConsumerMember member = group == null ? null : group.member(memberId);
        boolean movedOn = member != null && kind == Kind.REVOCATION && member.epoch() != epoch;
        if (group == null || member == null || movedOn) {
            return;
        }
        LOG.info("member expired: group={} member={} late={}", groupId, memberId, kind);
        try {
            dismiss(group, List.of(member), memberId);
        } catch (CoordinatorException e) {
            LOG.warn("member not thrown out: group={} member={} error={}", groupId, memberId, e.error());
            schedule(groupId, memberId, kind, RETRY_MS, epoch);
        }
    }

    /** Takes members out of the group. */
    <R> CompletionStage<R> dismiss(ConsumerGroup group, Collection<ConsumerMember> members, R reply) {
        Downgrade downgrade = downgrade(group);
        if (downgrade.isDue(members, 0)) {
            CompletionStage<R> left = carryOutDowngrade(group, downgrade.records(members), reply);
            downgraded(group, "the last member of the consumer protocol left");
            return left;
        }
        List<GroupRecord> records = new Departure(group, surroundings(group.groupId())).records(members);
        CompletionStage<R> dismissed = context.carryOut(new Decision<>(records, reply));
        members.forEach(member -> timers.stop(group.groupId(), member.memberId()));
        return dismissed;
    }

    /** The way back to the classic protocol. */
    Downgrade downgrade(ConsumerGroup group) {
        return new Downgrade(group, surroundings(group.groupId()), environment.classicMaxSize());
    }

    /** Appends and applies the records of a downgrade. */
    <R> CompletionStage<R> carryOutDowngrade(ConsumerGroup group, List<GroupRecord> records, R reply) {
        CompletionStage<R> done = context.carryOut(new Decision<>(records, reply));
        group.members().keySet().forEach(memberId -> timers.stop(group.groupId(), memberId));
        LOG.info("group is a classic one now: group={}", group.groupId());
        return done;
    }

    /** The group is a classic one now; its members have to join anew if there is a reason. */
    void downgraded(ConsumerGroup group, @Nullable String reason) {
        classic.formed(group.groupId(), reason);
    }

    private void refreshRegexes(ConsumerGroup group) {
        RegexRefresh refresh = new RegexRefresh(group, surroundings(group.groupId()));
        if (!refresh.isDue()) {
            return;
        }
        try {
            context.carryOut(new Decision<>(refresh.records(), group.groupId()));
            group.regexesStale(false);
        } catch (CoordinatorException e) { // the next heartbeat tries again
            LOG.warn("patterns not refreshed: group={} error={}", group.groupId(), e.error());
        }
    }

    /** Sets the timers of a group that was loaded. */
    void resume(ConsumerGroup group) {
        for (ConsumerMember member : group.members().values()) {
            keepAlive(group, member);
            watchRevocation(group, member);
        }
    }

    /** Waits for nobody any more. */
    void stop() {
        timers.stop();
    }
}
