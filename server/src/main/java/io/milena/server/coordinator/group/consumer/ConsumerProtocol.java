package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.ClassicGroups;
import io.milena.server.coordinator.group.classic.ClassicProtocol;
import io.milena.server.coordinator.group.classic.GroupState;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupRemoved;
import io.milena.server.coordinator.group.record.OwnedPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer group protocol of one shard: what members of its groups ask. Runs inside the strand. */
public final class ConsumerProtocol {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerProtocol.class);

    private final ShardContext<GroupRecord> context;
    private final ConsumerGroups groups;
    private final ClassicGroups classicGroups;
    private final ClassicProtocol classicProtocol;
    private final ConsumerUpkeep upkeep;
    private final Supplier<UUID> ids;

    /** @param ids where new members' ids come from */
    public ConsumerProtocol(
            ShardContext<GroupRecord> context,
            ConsumerGroups groups,
            ClassicGroups classicGroups,
            ClassicProtocol classicProtocol,
            ConsumerUpkeep upkeep,
            Supplier<UUID> ids) {
        this.context = context;
        this.groups = groups;
        this.classicGroups = classicGroups;
        this.classicProtocol = classicProtocol;
        this.upkeep = upkeep;
        this.ids = ids;
    }

    /**
     * ConsumerGroupHeartbeat: joins, stays, or leaves.
     *
     * @throws CoordinatorException if the request is refused; nothing changed then
     */
    public CompletionStage<ConsumerGroupHeartbeatResponse> heartbeat(
            ConsumerGroupHeartbeatRequest request, ClientIdentity client) {
        int epoch = request.memberEpoch();
        return epoch == CurrentAssignment.LEFT || epoch == CurrentAssignment.LEFT_STATIC
                ? leave(request)
                : stay(request, client);
    }

    private CompletionStage<ConsumerGroupHeartbeatResponse> stay(
            ConsumerGroupHeartbeatRequest request, ClientIdentity client) {
        String groupId = request.groupId();
        String memberId = request.memberId().isEmpty() ? ids.get().toString() : request.memberId();
        List<GroupRecord> records = new ArrayList<>();
        ConsumerGroup group =
                request.memberEpoch() == CurrentAssignment.JOINING ? findOrMake(groupId, records) : existing(groupId);
        Surroundings around = upkeep.surroundings(groupId);
        Decision<GroupRecord, ConsumerGroupHeartbeatResponse> decision =
                new HeartbeatDecision(group, around, records).decide(request, memberId, client);
        ClassicGroup upgraded = classicGroups.find(groupId);
        CompletionStage<ConsumerGroupHeartbeatResponse> reply = context.carryOut(decision);
        if (upgraded != null) {
            upgraded(upgraded);
        }
        report(groupId, decision.records());
        upkeep.heard(groupId, memberId, changed(decision.records(), memberId));
        return reply;
    }

    /** The members of a classic group that is a consumer group now. */
    private void upgraded(ClassicGroup classic) {
        classicProtocol.dissolved(classic);
        ConsumerGroup group = groups.find(classic.groupId());
        if (group != null) {
            group.members().values().forEach(member -> upkeep.keepAlive(group, member));
            LOG.info(
                    "group is a consumer group now: group={} members={}",
                    group.groupId(),
                    group.members().size());
        }
    }

    private void report(String groupId, List<GroupRecord> records) {
        for (GroupRecord record : records) {
            if (record instanceof EpochStored stored) {
                ConsumerGroup group = groups.find(groupId);
                int members = group == null ? 0 : group.members().size();
                LOG.info("group changed: group={} epoch={} members={}", groupId, stored.epoch(), members);
            }
        }
    }

    private static boolean changed(List<GroupRecord> records, String memberId) {
        for (GroupRecord record : records) {
            if (record instanceof CurrentStored stored && stored.memberId().equals(memberId)) {
                return true;
            }
        }
        return false;
    }

    private ConsumerGroup findOrMake(String groupId, List<GroupRecord> records) {
        ConsumerGroup group = groups.find(groupId);
        if (group != null) {
            return group;
        }
        ConsumerGroup made = new ConsumerGroup(groupId);
        ClassicGroup classic = classicGroups.find(groupId);
        if (classic == null) {
            return made;
        }
        records.add(new ClassicGroupRemoved(groupId));
        if (classic.state() != GroupState.EMPTY) {
            List<ConsumerGroupRecord> upgrade = new Upgrade(classic, upkeep.surroundings(groupId)).records();
            upgrade.forEach(made::apply);
            records.addAll(upgrade);
        }
        return made;
    }

    private ConsumerGroup existing(String groupId) {
        ConsumerGroup group = groups.find(groupId);
        if (group == null) {
            throw classicGroups.find(groupId) == null
                    ? new CoordinatorException(
                            ErrorCode.GROUP_ID_NOT_FOUND, "Consumer group " + groupId + " not found.")
                    : notConsumers(groupId);
        }
        return group;
    }

    private static CoordinatorException notConsumers(String groupId) {
        return new CoordinatorException(ErrorCode.GROUP_ID_NOT_FOUND, "Group " + groupId + " is not a consumer group.");
    }

    private CompletionStage<ConsumerGroupHeartbeatResponse> leave(ConsumerGroupHeartbeatRequest request) {
        ConsumerGroup group = leftGroup(request.groupId());
        ConsumerMember member = leaver(group, request.memberId(), request.instanceId());
        ConsumerGroupHeartbeatResponse response =
                new ConsumerGroupHeartbeatResponse().memberId(member.memberId()).memberEpoch(request.memberEpoch());
        if (request.instanceId() != null && request.memberEpoch() == CurrentAssignment.LEFT_STATIC) {
            return context.carryOut(new Decision<>(List.of(leftForAWhile(group, member)), response));
        }
        return upkeep.dismiss(group, List.of(member), response);
    }

    private ConsumerGroup leftGroup(String groupId) {
        ConsumerGroup group = groups.find(groupId);
        if (group == null && classicGroups.find(groupId) == null) {
            throw new CoordinatorException(ErrorCode.GROUP_ID_NOT_FOUND, "Group " + groupId + " not found.");
        }
        return existing(groupId);
    }

    private static ConsumerMember leaver(ConsumerGroup group, String memberId, @Nullable String instanceId) {
        return instanceId == null
                ? group.existing(memberId)
                : StaticMembers.check(group.staticMember(instanceId), memberId, instanceId);
    }

    /** It keeps its partitions until it is back, or its session ends. */
    private static CurrentStored leftForAWhile(ConsumerGroup group, ConsumerMember member) {
        CurrentAssignment current = member.current();
        return new CurrentStored(
                group.groupId(),
                member.memberId(),
                new CurrentAssignment(
                        CurrentAssignment.LEFT_STATIC,
                        current.previousEpoch(),
                        current.state(),
                        current.assigned(),
                        OwnedPartitions.EMPTY));
    }

    /** Topics came, went or changed. */
    public void topicsChanged(ClusterImage previous, ClusterImage next) {
        groups.topicsChanged(previous, next);
    }

    /** The groups were loaded: their members' sessions begin anew. */
    public void loaded() {
        groups.all().forEach(upkeep::resume);
    }

    /** The groups are led elsewhere. */
    public void unloaded() {
        upkeep.stop();
    }
}
