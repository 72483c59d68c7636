package io.milena.server.cluster;

import java.util.ArrayList;
import java.util.List;

/** Where the replicas of a partition go: leaders around the brokers in turn, followers on the next ones. */
final class ReplicaPlacement {
    private ReplicaPlacement() {}

    /**
     * The brokers of one partition, its leader first.
     *
     * @param brokers all live brokers, by ascending id, at least {@code replicationFactor}
     * @param turn partitions with consecutive turns have leaders one after the other
     */
    static List<Integer> replicas(List<Integer> brokers, int turn, int replicationFactor) {
        List<Integer> replicas = new ArrayList<>(replicationFactor);
        for (int i = 0; i < replicationFactor; i++) {
            replicas.add(brokers.get(Math.floorMod(turn + i, brokers.size())));
        }
        return replicas;
    }
}
