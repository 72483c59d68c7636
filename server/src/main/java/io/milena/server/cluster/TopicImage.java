package io.milena.server.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One topic as the controller last decided it.
 *
 * @param name its name, unique among topics that exist at a time
 * @param id unique for ever: a topic that is deleted and created again has another
 * @param partitions all partitions; the one with index {@code i} at position {@code i}
 * @param configs settings of its own, as their texts
 */
public record TopicImage(String name, UUID id, List<PartitionImage> partitions, Map<String, String> configs) {
    /** Where committed offsets and groups are kept. */
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";

    /** The name of the metadata log; never a topic that clients see. */
    public static final String CLUSTER_METADATA = "__cluster_metadata";

    /** Where the state of transactions is kept. */
    public static final String TRANSACTION_STATE = "__transaction_state";

    /** Where the state of share groups is kept. */
    public static final String SHARE_GROUP_STATE = "__share_group_state";

    private static final Set<String> INTERNAL = Set.of(CONSUMER_OFFSETS, TRANSACTION_STATE, SHARE_GROUP_STATE);

    public TopicImage {
        partitions = List.copyOf(partitions);
        configs = Map.copyOf(configs);
    }

    /** Whether a topic of this name belongs to the broker itself. */
    public static boolean isInternal(String name) {
        return INTERNAL.contains(name);
    }

    /** Whether the topic belongs to the broker itself. */
    public boolean isInternal() {
        return isInternal(name);
    }

    /** The partition with that index, or null. */
    public @Nullable PartitionImage partition(int index) {
        return index >= 0 && index < partitions.size() ? partitions.get(index) : null;
    }

    /** How many replicas its first partition has. */
    public int replicationFactor() {
        return partitions.get(0).replicas().size();
    }

    /** This topic with other settings of its own. */
    TopicImage withConfigs(Map<String, String> changed) {
        return new TopicImage(name, id, partitions, changed);
    }

    /** This topic with more partitions. */
    TopicImage withMore(List<PartitionImage> added) {
        List<PartitionImage> all = new ArrayList<>(partitions);
        all.addAll(added);
        return new TopicImage(name, id, all, configs);
    }

    /** This topic after the partitions of these that {@code broker} leads lost it. */
    TopicImage withoutLeader(int broker, Set<Integer> indexes) {
        return new TopicImage(
                name,
                id,
                partitions.stream()
                        .map(partition -> partition.leader() == broker && indexes.contains(partition.index())
                                ? partition.leaderless()
                                : partition)
                        .toList(),
                configs);
    }

    /** This topic with epochs later than those in which its partitions were led, as it turned out. */
    TopicImage after(Map<Integer, Integer> epochs) {
        return new TopicImage(
                name,
                id,
                partitions.stream()
                        .map(partition -> partition.after(epochs.getOrDefault(partition.index(), -1)))
                        .toList(),
                configs);
    }

    /** This topic after everything that {@code broker} leads, or could, was elected anew. */
    TopicImage reelected(int broker) {
        return new TopicImage(
                name,
                id,
                partitions.stream().map(partition -> partition.returned(broker)).toList(),
                configs);
    }
}
