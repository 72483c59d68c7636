package io.milena.server.cluster;

import java.util.List;

/**
 * One partition as the controller last decided it.
 *
 * @param index its number within the topic, from 0
 * @param leader the leading broker, or {@link #NO_LEADER}
 * @param leaderEpoch grows by one with every election
 * @param replicas the brokers that keep it, the preferred leader first
 * @param isr the replicas that are in sync
 */
public record PartitionImage(int index, int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {
    /** Stands for no leader. */
    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    /** A new partition, kept by {@code replicas}, of which the first leads. */
    static PartitionImage created(int index, List<Integer> replicas) {
        return new PartitionImage(index, replicas.get(0), 0, replicas, replicas);
    }

    /** This partition after its leader went offline, and nobody is there to follow it. */
    PartitionImage leaderless() {
        return new PartitionImage(index, NO_LEADER, leaderEpoch + 1, replicas, isr);
    }

    /** This partition after a broker came back that leads it, or could. */
    PartitionImage returned(int broker) {
        boolean leads = leader == broker || (leader == NO_LEADER && replicas.contains(broker));
        return leads ? new PartitionImage(index, broker, leaderEpoch + 1, replicas, isr) : this;
    }

    /** This partition in an epoch later than one it was led in, as it turned out. */
    PartitionImage after(int epoch) {
        return epoch < leaderEpoch ? this : new PartitionImage(index, leader, epoch + 1, replicas, isr);
    }
}
