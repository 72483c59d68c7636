package io.milena.server.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The wish for a topic.
 *
 * @param name its name
 * @param numPartitions how many partitions, or {@link #DEFAULT}
 * @param replicationFactor how many replicas each has, or {@link #DEFAULT}
 * @param assignments who keeps which partition, if the client decides it; then both counts must be {@link #DEFAULT}
 * @param configs settings of its own; a value of null is a client's mistake that is answered as such
 */
public record NewTopic(
        String name,
        int numPartitions,
        int replicationFactor,
        List<Assignment> assignments,
        Map<String, @Nullable String> configs) {
    /** Leaves a count to the broker's settings. */
    public static final int DEFAULT = -1;

    /** The brokers that keep one partition, the preferred leader first. */
    public record Assignment(int partition, List<Integer> brokers) {}

    public NewTopic {
        assignments = List.copyOf(assignments);
        configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
    }

    /** A topic with the broker's default counts and settings. */
    public static NewTopic withDefaults(String name) {
        return new NewTopic(name, DEFAULT, DEFAULT, List.of(), Map.of());
    }
}
