package io.milena.server.coordinator.group.offsets;

import io.milena.protocol.Uuids;
import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.ClassicGroups;
import io.milena.server.coordinator.group.classic.GroupState;
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

/**
 * Finds offsets whose time has come. Time runs
 * <ul>
 *   <li>since the group became empty, for a group that had members,
 *   <li>since the commit, for a group that never had any,
 *   <li>since the commit, for a stable group of consumers none of which consumes the topic any more;
 * </ul>
 * the offsets of all other groups are in use. A client of old could set the time itself. Changes nothing itself.
 */
public final class OffsetExpiry {
    private final ClassicGroups groups;
    private final CommittedOffsets offsets;
    private final PendingTransactionOffsets pending;
    private final OffsetSettings settings;

    public OffsetExpiry(
            ClassicGroups groups,
            CommittedOffsets offsets,
            PendingTransactionOffsets pending,
            OffsetSettings settings) {
        this.groups = groups;
        this.offsets = offsets;
        this.pending = pending;
        this.settings = settings;
    }

    /** The end of all outlived offsets, and of empty groups that have none left. */
    public List<GroupRecord> expired(long nowMs) {
        List<GroupRecord> records = new ArrayList<>();
        for (ClassicGroup group : groups.all()) {
            if (expire(group, nowMs, records) && group.state() == GroupState.EMPTY) {
                records.add(new ClassicGroupRemoved(group.groupId()));
            }
        }
        return records;
    }

    /** Adds the outlived offsets of one group; true if it has no others. */
    private boolean expire(ClassicGroup group, long nowMs, List<GroupRecord> records) {
        boolean allExpired = pending.of(group.groupId()).isEmpty();
        for (Map.Entry<String, Map<Integer, CommittedOffset>> topic :
                offsets.of(group.groupId()).entrySet()) {
            boolean inUse = group.isSubscribedTo(topic.getKey());
            for (Map.Entry<Integer, CommittedOffset> partition :
                    topic.getValue().entrySet()) {
                boolean isPending = pending.isPending(new Place(group.groupId(), topic.getKey(), partition.getKey()));
                if (!inUse && !isPending && isExpired(group, partition.getValue(), nowMs)) {
                    records.add(new OffsetRemoved(group.groupId(), topic.getKey(), partition.getKey()));
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
        if (offset.expireTimestampMs() != CommittedOffset.NONE) {
            return nowMs >= offset.expireTimestampMs();
        }
        boolean sinceEmpty = hadMembers && isEmpty && group.stateTimestampMs() != -1;
        long sinceMs = sinceEmpty ? group.stateTimestampMs() : offset.commitTimestampMs();
        return nowMs - sinceMs >= settings.retentionMs();
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
