package io.milena.server.coordinator.group.offsets;

import io.milena.server.coordinator.group.record.CommittedOffset;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetStored;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The committed offsets of one shard's groups: group, topic, partition, offset. Holds no empty map. */
public final class CommittedOffsets {
    private final Map<String, Map<String, Map<Integer, CommittedOffset>>> groups = new HashMap<>();

    /** Takes in a commit. */
    public void put(OffsetStored stored) {
        groups.computeIfAbsent(stored.groupId(), group -> new HashMap<>())
                .computeIfAbsent(stored.topic(), topic -> new TreeMap<>())
                .put(stored.partition(), stored.offset());
    }

    /** Takes in the end of a commit. */
    public void remove(OffsetRemoved removed) {
        Map<String, Map<Integer, CommittedOffset>> topics = groups.get(removed.groupId());
        Map<Integer, CommittedOffset> partitions = topics == null ? null : topics.get(removed.topic());
        if (topics == null || partitions == null) {
            return;
        }
        partitions.remove(removed.partition());
        if (partitions.isEmpty()) {
            topics.remove(removed.topic());
        }
        if (topics.isEmpty()) {
            groups.remove(removed.groupId());
        }
    }

    /** What a group committed for a partition, null if nothing. */
    public @Nullable CommittedOffset get(String groupId, String topic, int partition) {
        return of(groupId).getOrDefault(topic, Map.of()).get(partition);
    }

    /** What a group committed, by topic and partition; empty if nothing. */
    public Map<String, Map<Integer, CommittedOffset>> of(String groupId) {
        return groups.getOrDefault(groupId, Map.of());
    }

    /** Everything, by group, topic and partition. */
    public Map<String, Map<String, Map<Integer, CommittedOffset>>> all() {
        return groups;
    }
}
