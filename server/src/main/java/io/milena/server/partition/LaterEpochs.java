package io.milena.server.partition;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Leader epochs in logs that are later than what the cluster knows: the files are from another broker, with more elections behind it.
 * A client that saw records of a later epoch believes no leader of an earlier one. Any thread.
 */
final class LaterEpochs {
    private final Map<UUID, Map<Integer, Integer>> latest = new HashMap<>();

    /** Compares a partition's log with what the cluster says. Before the partition takes its role. */
    synchronized void compare(PartitionIdentity identity, Partition partition, int leaderEpoch) {
        OptionalInt inLog = partition.log().leaderEpochs().latest();
        if (inLog.orElse(leaderEpoch) > leaderEpoch) {
            latest.computeIfAbsent(identity.topicId(), id -> new HashMap<>()).put(identity.index(), inLog.getAsInt());
        }
    }

    /** The latest epochs by topic and partition, of those that are later; they are told once. */
    synchronized Map<UUID, Map<Integer, Integer>> take() {
        Map<UUID, Map<Integer, Integer>> taken = Map.copyOf(latest);
        latest.clear();
        return taken;
    }
}
