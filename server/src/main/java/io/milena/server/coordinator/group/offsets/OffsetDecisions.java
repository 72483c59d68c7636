package io.milena.server.coordinator.group.offsets;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.ClassicGroups;
import io.milena.server.coordinator.group.classic.GroupState;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.consumer.ConsumerGroup;
import io.milena.server.coordinator.group.consumer.ConsumerGroups;
import io.milena.server.coordinator.group.consumer.OffsetRules;
import io.milena.server.coordinator.group.offsets.PendingTransactionOffsets.Place;
import io.milena.server.coordinator.group.record.CommittedOffset;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetRemoved;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Decides what OffsetCommit, OffsetDelete and the deletion of a group do to the offsets of a shard. Changes nothing itself. */
public final class OffsetDecisions {
    /** From this version on, clients know that a group may not exist. */
    private static final int GROUP_ID_NOT_FOUND_MIN_VERSION = 9;

    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final CommittedOffsets offsets;
    private final PendingTransactionOffsets pending;
    private final OffsetSettings settings;

    public OffsetDecisions(
            ClassicGroups groups,
            ConsumerGroups consumerGroups,
            CommittedOffsets offsets,
            PendingTransactionOffsets pending,
            OffsetSettings settings) {
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.offsets = offsets;
        this.pending = pending;
        this.settings = settings;
    }

    /**
     * OffsetCommit of partitions that exist.
     *
     * @throws CoordinatorException if the sender may not commit
     */
    public Decision<GroupRecord, List<OffsetCommitResponse.Topic>> commit(
            OffsetCommitRequest request, int version, long nowMs) {
        checkCommit(request, version);
        CommitRecords commit = new CommitRecords(request.groupId(), settings);
        List<OffsetCommitResponse.Topic> replies =
                new ArrayList<>(request.topics().size());
        for (OffsetCommitRequest.Topic topic : request.topics()) {
            List<OffsetCommitResponse.Partition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetCommitRequest.Partition partition : topic.partitions()) {
                CommittedOffset offset = new CommittedOffset(
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        Objects.requireNonNullElse(partition.committedMetadata(), ""),
                        nowMs,
                        expireTimestampMs(request, nowMs),
                        topic.topicId());
                partitions.add(new OffsetCommitResponse.Partition()
                        .partitionIndex(partition.partitionIndex())
                        .errorCode(commit.add(topic.name(), partition.partitionIndex(), offset)));
            }
            replies.add(new OffsetCommitResponse.Topic()
                    .name(topic.name())
                    .topicId(topic.topicId())
                    .partitions(partitions));
        }
        return new Decision<>(commit.records(), replies);
    }

    /** Only clients of versions 2 to 4 can name a time of their own. */
    private static long expireTimestampMs(OffsetCommitRequest request, long nowMs) {
        return request.retentionTimeMs() == -1 ? CommittedOffset.NONE : nowMs + request.retentionTimeMs();
    }

    private void checkCommit(OffsetCommitRequest request, int version) {
        ConsumerGroup consumers = consumerGroups.find(request.groupId());
        if (consumers != null) {
            OffsetRules.checkCommit(consumers, request, version);
            return;
        }
        int generation = request.generationIdOrMemberEpoch();
        ClassicGroup group = groups.find(request.groupId());
        ErrorCode error = ErrorCode.NONE;
        if (group != null) {
            error = checkMember(group, new MemberIdentity(request.memberId(), request.groupInstanceId()), generation);
        } else if (generation >= 0) { // without a generation, a group that only stores offsets comes into being
            error = version >= GROUP_ID_NOT_FOUND_MIN_VERSION
                    ? ErrorCode.GROUP_ID_NOT_FOUND
                    : ErrorCode.ILLEGAL_GENERATION;
        }
        if (error != ErrorCode.NONE) {
            throw new CoordinatorException(error, "commit to group " + request.groupId() + " refused");
        }
    }

    /** Whoever is no member may commit to a group without members; members may unless they owe a sync. */
    private static ErrorCode checkMember(ClassicGroup group, MemberIdentity identity, int generation) {
        boolean isEmpty = group.state() == GroupState.EMPTY;
        if (generation < 0 && isEmpty) {
            return ErrorCode.NONE;
        }
        if (generation < 0 && identity.memberId().isEmpty() && identity.groupInstanceId() == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error = group.check(identity);
        if (error != ErrorCode.NONE) {
            return error;
        }
        if (generation != group.generation()) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        return group.state() == GroupState.COMPLETING_REBALANCE ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    /**
     * OffsetDelete of partitions that exist: offsets of topics that are still consumed stay.
     *
     * @throws CoordinatorException if the group does not exist, or has members whose topics cannot be known
     */
    public Decision<GroupRecord, List<OffsetDeleteResponse.Topic>> delete(OffsetDeleteRequest request) {
        Predicate<String> subscribed = subscribed(request.groupId());
        List<GroupRecord> records = new ArrayList<>();
        List<OffsetDeleteResponse.Topic> replies = new ArrayList<>();
        for (OffsetDeleteRequest.Topic topic : request.topics()) {
            boolean inUse = subscribed.test(topic.name());
            List<OffsetDeleteResponse.Partition> partitions = new ArrayList<>();
            for (OffsetDeleteRequest.Partition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                if (!inUse && isKnown(new Place(request.groupId(), topic.name(), index))) {
                    records.add(new OffsetRemoved(request.groupId(), topic.name(), index));
                }
                partitions.add(new OffsetDeleteResponse.Partition()
                        .partitionIndex(index)
                        .errorCode(inUse ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE));
            }
            replies.add(new OffsetDeleteResponse.Topic().name(topic.name()).partitions(partitions));
        }
        return new Decision<>(records, replies);
    }

    private boolean isKnown(Place place) {
        return offsets.get(place.groupId(), place.topic(), place.partition()) != null || pending.isPending(place);
    }

    private Predicate<String> subscribed(String groupId) {
        ConsumerGroup consumers = consumerGroups.find(groupId);
        if (consumers != null) {
            return consumers::isSubscribedTo;
        }
        ClassicGroup group = groups.find(groupId);
        if (group == null) {
            throw new CoordinatorException(ErrorCode.GROUP_ID_NOT_FOUND, "no group " + groupId);
        }
        if (group.state() != GroupState.EMPTY && !group.isOfConsumers()) {
            throw new CoordinatorException(
                    ErrorCode.NON_EMPTY_GROUP, "group " + groupId + " has members that are not consumers");
        }
        return group::isSubscribedTo;
    }

    /** The end of all of a group's offsets, also those in transactions. */
    public List<GroupRecord> removeAll(String groupId) {
        List<GroupRecord> records = new ArrayList<>();
        offsets.of(groupId)
                .forEach((topic, partitions) -> partitions
                        .keySet()
                        .forEach(partition -> records.add(new OffsetRemoved(groupId, topic, partition))));
        for (Place place : pending.of(groupId)) {
            if (offsets.get(groupId, place.topic(), place.partition()) == null) {
                records.add(new OffsetRemoved(groupId, place.topic(), place.partition()));
            }
        }
        return records;
    }
}
