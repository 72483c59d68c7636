package io.milena.server.coordinator.group.offsets;

import io.milena.protocol.Uuids;
import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.ClassicGroups;
import io.milena.server.coordinator.group.classic.GroupState;
import io.milena.server.coordinator.group.consumer.ConsumerGroup;
import io.milena.server.coordinator.group.consumer.ConsumerGroups;
import io.milena.server.coordinator.group.offsets.PendingTransactionOffsets.Place;
import io.milena.server.coordinator.group.record.CommittedOffset;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetStored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Finds offsets whose time has come. Time runs
 * <ul>
 *   <li>since the group became empty, for a group that had members,
 *   <li>since the commit, for a group that never had any,
 *   <li>since the commit, for a stable group of consumers none of which consumes the topic any more, and for every group of the
 *       consumer protocol whose members do not;
 * </ul>
 * the offsets of all other groups are in use. A client of old could set the time itself. Changes nothing itself.
 */
public final class OffsetExpiry {
    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final CommittedOffsets offsets;
    private final PendingTransactionOffsets pending;
    private final OffsetSettings settings;

    public OffsetExpiry(
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

    /** The end of all outlived offsets, and of empty groups that have none left. */
    public List<GroupRecord> expired(long nowMs) {
        List<GroupRecord> records = new ArrayList<>();
        for (ClassicGroup group : groups.all()) {
            boolean none =
                    expire(group.groupId(), group::isSubscribedTo, offset -> isExpired(group, offset, nowMs), records);
            if (none && group.state() == GroupState.EMPTY) {
                records.add(new ClassicGroupRemoved(group.groupId()));
            }
        }
        for (ConsumerGroup group : consumerGroups.all()) {
            boolean none = expire(group.groupId(), group::isSubscribedTo, offset -> isOutlived(offset, nowMs), records);
            if (none && group.isEmpty()) {
                records.addAll(group.tombstones());
            }
        }
        return records;
    }

    /** Adds the outlived offsets of one group; true if it has no others. */
    private boolean expire(
            String groupId,
            Predicate<String> subscribed,
            Predicate<CommittedOffset> isExpired,
            List<GroupRecord> records) {
        boolean allExpired = pending.of(groupId).isEmpty();
        for (Map.Entry<String, Map<Integer, CommittedOffset>> topic :
                offsets.of(groupId).entrySet()) {
            boolean inUse = subscribed.test(topic.getKey());
            for (Map.Entry<Integer, CommittedOffset> partition :
                    topic.getValue().entrySet()) {
                boolean isPending = pending.isPending(new Place(groupId, topic.getKey(), partition.getKey()));
                if (!inUse && !isPending && isExpired.test(partition.getValue())) {
                    records.add(new OffsetRemoved(groupId, topic.getKey(), partition.getKey()));
                } else {
                    allExpired = false;
                }
            }
        }
        return allExpired;
    }

    private boolean isExpired(ClassicGroup group, CommittedOffset offset, long nowMs) {
        boolean isEmpty = group.state() == GroupState.EMPTY;
        boolean hadMembers = group.protocolType() != null;
        boolean isReadable =
                group.isOfConsumers() && group.state() == GroupState.STABLE && group.knowsSubscribedTopics();
        if (hadMembers && !isEmpty && !isReadable) {
            return false;
        }
        boolean sinceEmpty = hadMembers && isEmpty && group.stateTimestampMs() != -1;
        return isOver(offset, sinceEmpty ? group.stateTimestampMs() : offset.commitTimestampMs(), nowMs);
    }

    /** For consumer groups nothing but the commit itself counts. */
    private boolean isOutlived(CommittedOffset offset, long nowMs) {
        return isOver(offset, offset.commitTimestampMs(), nowMs);
    }

    private boolean isOver(CommittedOffset offset, long sinceMs, long nowMs) {
        return offset.expireTimestampMs() == CommittedOffset.NONE
                ? nowMs - sinceMs >= settings.retentionMs()
                : nowMs >= offset.expireTimestampMs();
    }

    /** The end of all offsets in a topic that was deleted; those of an older topic of that name are gone already. */
    public List<GroupRecord> ofDeletedTopic(String topic, UUID topicId) {
        List<GroupRecord> records = new ArrayList<>();
        offsets.all()
                .forEach((groupId, topics) -> topics.getOrDefault(topic, Map.of())
                        .forEach((partition, offset) -> {
                            if (isOf(topicId, offset)) {
                                records.add(new OffsetRemoved(groupId, topic, partition));
                            }
                        }));
        for (OffsetStored stored : pending.inTopic(topic)) {
            if (isOf(topicId, stored.offset())) {
                records.add(new OffsetRemoved(stored.groupId(), topic, stored.partition()));
            }
        }
        return records;
    }

    private static boolean isOf(UUID topicId, CommittedOffset offset) {
        return offset.topicId().equals(Uuids.ZERO) || offset.topicId().equals(topicId);
    }
}
