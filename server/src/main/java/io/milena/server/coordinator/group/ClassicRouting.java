package io.milena.server.coordinator.group;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.classic.ClassicProtocol;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.JoinRequest;
import io.milena.server.coordinator.group.classic.LeaveReply;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.classic.SyncRequest;
import io.milena.server.coordinator.group.consumer.ClassicMembers;
import io.milena.server.coordinator.group.consumer.ConsumerGroup;
import io.milena.server.coordinator.group.consumer.ConsumerGroups;
import io.milena.server.coordinator.group.record.GroupRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Brings requests of the classic protocol to the group, whichever kind it is. An empty consumer group becomes a classic one with the
 * first member that joins so. Runs inside the strand.
 */
final class ClassicRouting {
    private final ShardContext<GroupRecord> context;
    private final ConsumerGroups consumerGroups;
    private final ClassicMembers members;
    private final ClassicProtocol classic;

    ClassicRouting(
            ShardContext<GroupRecord> context,
            ConsumerGroups consumerGroups,
            ClassicMembers members,
            ClassicProtocol classic) {
        this.context = context;
        this.consumerGroups = consumerGroups;
        this.members = members;
        this.classic = classic;
    }

    CompletionStage<JoinReply> join(JoinRequest request) {
        ConsumerGroup group = consumerGroups.find(request.groupId());
        if (group != null && !group.isEmpty()) {
            return members.join(group, request);
        }
        if (group != null && !request.memberId().isEmpty()) {
            return answer(JoinReply.error(ErrorCode.UNKNOWN_MEMBER_ID, request.memberId()));
        }
        if (group != null) {
            context.carryOut(new Decision<>(group.tombstones(), request.groupId()));
        }
        return classic.join(request);
    }

    CompletionStage<SyncReply> sync(SyncRequest request) {
        ConsumerGroup group = consumerGroups.find(request.groupId());
        return group == null ? classic.sync(request) : members.sync(group, request);
    }

    CompletionStage<ErrorCode> heartbeat(String groupId, MemberIdentity member, int generation) {
        ConsumerGroup group = consumerGroups.find(groupId);
        return answer(
                group == null
                        ? classic.heartbeat(groupId, member, generation)
                        : members.heartbeat(group, member, generation));
    }

    CompletionStage<List<LeaveReply>> leave(String groupId, List<MemberIdentity> leaving) {
        ConsumerGroup group = consumerGroups.find(groupId);
        return group == null ? answer(classic.leave(groupId, leaving)) : members.leave(group, leaving);
    }

    private <R> CompletionStage<R> answer(R reply) {
        return context.carryOut(Decision.reply(reply));
    }
}
