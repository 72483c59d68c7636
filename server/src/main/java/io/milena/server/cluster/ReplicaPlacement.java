package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
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

    /** Throws a {@link TopicRefusal} unless these brokers, named by a client, can keep the partition. */
    static void check(ClusterImage image, int partition, List<Integer> brokers, int replicationFactor) {
        if (brokers.isEmpty()) {
            throw invalid("Partition " + partition + " is assigned to no broker.");
        }
        if (new HashSet<>(brokers).size() != brokers.size()) {
            throw invalid("Partition " + partition + " is assigned twice to the same broker.");
        }
        for (int broker : brokers) {
            if (image.broker(broker) == null) {
                throw invalid("Partition " + partition + " is assigned to broker " + broker + ", which is not alive.");
            }
        }
        if (brokers.size() != replicationFactor) {
            throw invalid("Not all partitions are assigned to the same number of brokers.");
        }
    }

    private static TopicRefusal invalid(String message) {
        return new TopicRefusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
