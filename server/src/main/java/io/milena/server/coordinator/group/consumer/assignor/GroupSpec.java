package io.milena.server.coordinator.group.consumer.assignor;

import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an assignor is told of a group.
 *
 * @param members by id
 * @param homogeneous whether all members subscribe to the same topics
 * @param partitionCounts of all topics that members subscribe to
 */
public record GroupSpec(Map<String, MemberSpec> members, boolean homogeneous, Map<UUID, Integer> partitionCounts) {
    /**
     * What an assignor is told of a member.
     *
     * @param instanceId name of a static member, null for a dynamic one
     * @param topics it subscribes to, those that exist
     * @param assigned what it was to have so far; perhaps of topics that are gone or no longer subscribed to
     */
    public record MemberSpec(@Nullable String instanceId, Set<UUID> topics, TopicPartitions assigned) {}

    int partitionCount(UUID topic) {
        return partitionCounts.getOrDefault(topic, 0);
    }
}
