package io.milena.server.coordinator.group.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record of {@code __consumer_offsets}, decoded. */
public sealed interface GroupRecord
        permits GroupRecord.OffsetStored,
                GroupRecord.OffsetRemoved,
                GroupRecord.ClassicGroupStored,
                GroupRecord.ClassicGroupRemoved,
                ConsumerGroupRecord {
    /** The group concerned; all of a group's records are in one partition. */
    String groupId();

    /** A group read up to here. */
    record OffsetStored(String groupId, String topic, int partition, CommittedOffset offset) implements GroupRecord {}

    /** Nothing is known any more of where a group was in a partition. */
    record OffsetRemoved(String groupId, String topic, int partition) implements GroupRecord {}

    /**
     * A classic group at the end of a rebalance, or when it became empty.
     *
     * @param protocolType "consumer", "connect" …; empty if no member ever joined
     * @param protocolName what the members agreed on, null for an empty group
     * @param leader member id, null for an empty group
     * @param stateTimestampMs when the group entered its state, -1 if unknown
     */
    record ClassicGroupStored(
            String groupId,
            String protocolType,
            int generation,
            @Nullable String protocolName,
            @Nullable String leader,
            long stateTimestampMs,
            List<StoredMember> members)
            implements GroupRecord {}

    /** The group is no more. */
    record ClassicGroupRemoved(String groupId) implements GroupRecord {}
}
