package io.milena.server.coordinator.group.record;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Partitions of some topics, such as a member is to have. Immutable.
 *
 * @param topics the partitions of each topic, ascending; no topic is without any
 */
public record TopicPartitions(Map<UUID, Set<Integer>> topics) {
    /** No partition at all. */
    public static final TopicPartitions EMPTY = new TopicPartitions(Map.of());

    /** Takes a copy; topics without partitions are left out. */
    public TopicPartitions {
        Map<UUID, Set<Integer>> copy = new HashMap<>();
        topics.forEach((topic, partitions) -> {
            if (!partitions.isEmpty()) {
                copy.put(topic, Collections.unmodifiableSet(new TreeSet<>(partitions)));
            }
        });
        topics = Collections.unmodifiableMap(copy);
    }

    /** The partitions of one topic; empty if there are none. */
    public Set<Integer> of(UUID topic) {
        return topics.getOrDefault(topic, Set.of());
    }

    /** How many partitions there are. */
    public int size() {
        int size = 0;
        for (Set<Integer> partitions : topics.values()) {
            size += partitions.size();
        }
        return size;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return topics.isEmpty();
    }
}
