package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.OwnedPartitions;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which member of a group has which partition, those it is still to give up included. A log that was compacted may, while it is read, show
 * a partition with two owners: then the later record wins.
 */
final class PartitionOwners {
    private final Map<UUID, Map<Integer, String>> owners = new HashMap<>();

    /** The owner, null if there is none. */
    @Nullable
    String owner(UUID topic, int partition) {
        return owners.getOrDefault(topic, Map.of()).get(partition);
    }

    void put(String memberId, CurrentAssignment current) {
        put(memberId, current.assigned());
        put(memberId, current.pendingRevocation());
    }

    private void put(String memberId, OwnedPartitions owned) {
        owned.topics().forEach((topic, epochs) -> {
            Map<Integer, String> topicOwners = owners.computeIfAbsent(topic, id -> new HashMap<>());
            epochs.keySet().forEach(partition -> topicOwners.put(partition, memberId));
        });
    }

    void remove(String memberId, CurrentAssignment current) {
        remove(memberId, current.assigned());
        remove(memberId, current.pendingRevocation());
    }

    private void remove(String memberId, OwnedPartitions owned) {
        owned.topics()
                .forEach((topic, epochs) -> owners.computeIfPresent(topic, (id, topicOwners) -> {
                    epochs.keySet().forEach(partition -> topicOwners.remove(partition, memberId));
                    return topicOwners.isEmpty() ? null : topicOwners;
                }));
    }
}
