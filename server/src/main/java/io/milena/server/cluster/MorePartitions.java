package io.milena.server.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wish for more partitions of a topic.
 *
 * @param topic the topic's name
 * @param count how many there shall be in all
 * @param assignments the brokers that keep each new partition, the preferred leader first; null leaves it to the controller
 */
public record MorePartitions(
        String topic, int count, @Nullable List<List<Integer>> assignments) {}
