package io.milena.server.coordinator.group.record;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that a member has, and the epoch since which it has each (KIP-1251). Immutable.
 *
 * @param topics for each topic the epochs by partition, ascending; no topic is without any
 */
public record OwnedPartitions(Map<UUID, Map<Integer, Integer>> topics) {
    /** No partition at all. */
    public static final OwnedPartitions EMPTY = new OwnedPartitions(Map.of());

    /** Takes a copy; topics without partitions are left out. */
    public OwnedPartitions {
        Map<UUID, Map<Integer, Integer>> copy = new HashMap<>();
        topics.forEach((topic, epochs) -> {
            if (!epochs.isEmpty()) {
                copy.put(topic, Collections.unmodifiableMap(new TreeMap<>(epochs)));
            }
        });
        topics = Collections.unmodifiableMap(copy);
    }

    /** All of some partitions, taken over at one epoch. */
    public static OwnedPartitions since(int epoch, TopicPartitions partitions) {
        Map<UUID, Map<Integer, Integer>> topics = new HashMap<>();
        partitions.topics().forEach((topic, indexes) -> {
            Map<Integer, Integer> epochs = new HashMap<>();
            indexes.forEach(index -> epochs.put(index, epoch));
            topics.put(topic, epochs);
        });
        return new OwnedPartitions(topics);
    }

    /** The epochs of one topic's partitions; empty if there are none. */
    public Map<Integer, Integer> of(UUID topic) {
        return topics.getOrDefault(topic, Map.of());
    }

    /** The epoch since which the partition is owned, null if it is not. */
    public @Nullable Integer epoch(UUID topic, int partition) {
        return of(topic).get(partition);
    }

    /** Whether the partition is among them. */
    public boolean contains(UUID topic, int partition) {
        return of(topic).containsKey(partition);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return topics.isEmpty();
    }

    /** The partitions without their epochs. */
    public TopicPartitions partitions() {
        Map<UUID, Set<Integer>> partitions = new HashMap<>();
        topics.forEach((topic, epochs) -> partitions.put(topic, epochs.keySet()));
        return new TopicPartitions(partitions);
    }
}
