package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.group.record.ConsumerMemberMetadata;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.OwnedPartitions;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a heartbeat of a member that stays or joins comes to. Changes nothing.
 *
 * @param group the group, a new one if the member is its first
 * @param around what else there is
 * @param records of the group's making, to be appended first; this decision's own are added
 */
record HeartbeatDecision(ConsumerGroup group, Surroundings around, List<GroupRecord> records) {
    /**
     * @param memberId who sends it, the id it is given if it has none
     * @throws CoordinatorException if the member is to rejoin, or may not join
     */
    Decision<GroupRecord, ConsumerGroupHeartbeatResponse> decide(
            ConsumerGroupHeartbeatRequest request, String memberId, ClientIdentity client) {
        checkRoom(memberId);
        TopicPartitions owned = owned(request);
        MemberUpdate update = new MemberUpdate(group, around, records);
        ConsumerMember member = request.instanceId() == null
                ? dynamicMember(request, memberId, owned)
                : staticMember(request, memberId, request.instanceId(), owned, update);
        ConsumerMember described = update.describe(member, metadata(member.metadata(), request, client));
        update.assign();
        ConsumerMember reconciled = update.reconcile(described, owned);
        return new Decision<>(records, response(request, member, reconciled));
    }

    private void checkRoom(String memberId) {
        if (group.members().size() >= around.settings().maxSize() && group.member(memberId) == null) {
            throw new CoordinatorException(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The consumer group has reached its maximum capacity of "
                            + around.settings().maxSize() + " members.");
        }
    }

    private ConsumerMember dynamicMember(
            ConsumerGroupHeartbeatRequest request, String memberId, @Nullable TopicPartitions owned) {
        ConsumerMember known = group.member(memberId);
        if (known == null && request.memberEpoch() == CurrentAssignment.JOINING) {
            return ConsumerMember.joining(memberId);
        }
        ConsumerMember member = group.existing(memberId);
        checkEpoch(member, request.memberEpoch(), owned);
        return member;
    }

    /** A static member may come back under another id once the one before it has left for a while. */
    private ConsumerMember staticMember(
            ConsumerGroupHeartbeatRequest request,
            String memberId,
            String instanceId,
            @Nullable TopicPartitions owned,
            MemberUpdate update) {
        ConsumerMember known = group.staticMember(instanceId);
        if (request.memberEpoch() != CurrentAssignment.JOINING) {
            ConsumerMember member = StaticMembers.check(known, memberId, instanceId);
            checkEpoch(member, request.memberEpoch(), owned);
            return member;
        }
        if (known == null) {
            ConsumerMember namesake = group.member(memberId);
            return namesake == null ? ConsumerMember.joining(memberId) : namesake;
        }
        if (!known.isClassic() && known.epoch() != CurrentAssignment.LEFT_STATIC) {
            throw new CoordinatorException(
                    ErrorCode.UNRELEASED_INSTANCE_ID,
                    "Static member " + memberId + " with instance id " + instanceId
                            + " cannot join the group because the instance id is owned by " + known.memberId()
                            + " member.");
        }
        return update.replace(known, memberId);
    }

    /** A member that missed the answer with its new epoch may still say the old one, if it has nothing that it should not have. */
    private static void checkEpoch(ConsumerMember member, int received, @Nullable TopicPartitions owned) {
        int expected = member.epoch();
        if (received == CurrentAssignment.JOINING || received == expected) {
            return;
        }
        if (received > expected) {
            throw fenced("greater", received, expected);
        }
        boolean missedAnswer = received == member.current().previousEpoch()
                && isWithin(owned, member.current().assigned());
        if (!missedAnswer) {
            throw fenced("smaller", received, expected);
        }
    }

    private static CoordinatorException fenced(String comparison, int received, int expected) {
        return new CoordinatorException(
                ErrorCode.FENCED_MEMBER_EPOCH,
                "The consumer group member has a " + comparison + " member epoch (" + received
                        + ") than the one known by the group coordinator (" + expected
                        + "). The member must abandon all its partitions and rejoin.");
    }

    private static boolean isWithin(@Nullable TopicPartitions owned, OwnedPartitions assigned) {
        if (owned == null) {
            return false;
        }
        for (Map.Entry<UUID, Set<Integer>> topic : owned.topics().entrySet()) {
            if (!assigned.of(topic.getKey()).keySet().containsAll(topic.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable TopicPartitions owned(ConsumerGroupHeartbeatRequest request) {
        List<ConsumerGroupHeartbeatRequest.TopicPartitions> said = request.topicPartitions();
        if (said == null) {
            return null;
        }
        Map<UUID, Set<Integer>> topics = new HashMap<>();
        said.forEach(topic ->
                topics.computeIfAbsent(topic.topicId(), id -> new HashSet<>()).addAll(topic.partitions()));
        return new TopicPartitions(topics);
    }

    /** What is not said has not changed. */
    private static ConsumerMemberMetadata metadata(
            ConsumerMemberMetadata known, ConsumerGroupHeartbeatRequest request, ClientIdentity client) {
        return new ConsumerMemberMetadata(
                request.instanceId() == null ? known.instanceId() : request.instanceId(),
                request.rackId() == null ? known.rackId() : request.rackId(),
                client.clientId(),
                client.host(),
                request.subscribedTopicNames() == null
                        ? known.topicNames()
                        : ConsumerMemberMetadata.sorted(request.subscribedTopicNames()),
                request.subscribedTopicRegex() == null ? known.topicRegex() : request.subscribedTopicRegex(),
                request.rebalanceTimeoutMs() == -1 ? known.rebalanceTimeoutMs() : request.rebalanceTimeoutMs(),
                request.serverAssignor() == null ? known.serverAssignor() : request.serverAssignor(),
                null);
    }

    private ConsumerGroupHeartbeatResponse response(
            ConsumerGroupHeartbeatRequest request, ConsumerMember before, ConsumerMember after) {
        ConsumerGroupHeartbeatResponse response = new ConsumerGroupHeartbeatResponse()
                .memberId(after.memberId())
                .memberEpoch(after.epoch())
                .heartbeatIntervalMs(around.heartbeatIntervalMs());
        boolean isNews = !before.current().assigned().equals(after.current().assigned());
        if (request.memberEpoch() == CurrentAssignment.JOINING || isFull(request) || isNews) {
            response.assignment(assignment(after.current().assigned()));
        }
        return response;
    }

    /** A member that says everything may have missed something. */
    private static boolean isFull(ConsumerGroupHeartbeatRequest request) {
        return request.rebalanceTimeoutMs() != -1
                && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null)
                && request.topicPartitions() != null;
    }

    private static ConsumerGroupHeartbeatResponse.Assignment assignment(OwnedPartitions assigned) {
        List<ConsumerGroupHeartbeatResponse.TopicPartitions> topics = new ArrayList<>();
        assigned.topics()
                .forEach((topic, epochs) -> topics.add(new ConsumerGroupHeartbeatResponse.TopicPartitions()
                        .topicId(topic)
                        .partitions(List.copyOf(epochs.keySet()))));
        return new ConsumerGroupHeartbeatResponse.Assignment().topicPartitions(topics);
    }
}
