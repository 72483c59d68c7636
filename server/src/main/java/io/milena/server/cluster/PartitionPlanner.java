package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Decides what a topic with more partitions would be, or why it cannot be. Touches nothing. */
final class PartitionPlanner {
    private PartitionPlanner() {}

    /** How many partitions a wish adds; 0 if it asks for nonsense. */
    static long added(ClusterImage image, MorePartitions wish) {
        TopicImage topic = image.topic(wish.topic());
        return topic == null
                ? 0
                : Math.max((long) wish.count() - topic.partitions().size(), 0);
    }

    /** The topic with the partitions it wishes for; throws {@link TopicRefusal}. */
    static TopicImage plan(ClusterImage image, MorePartitions wish) {
        TopicImage topic = image.topic(wish.topic());
        if (topic == null) {
            throw new TopicRefusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + wish.topic() + "'.");
        }
        int existing = topic.partitions().size();
        if (wish.count() <= existing) {
            throw new TopicRefusal(
                    ErrorCode.INVALID_PARTITIONS,
                    "The topic " + topic.name() + " has " + existing
                            + " partitions; their number can only grow, not become " + wish.count() + ".");
        }
        List<List<Integer>> assignments = wish.assignments();
        if (assignments != null && assignments.size() != wish.count() - existing) {
            throw new TopicRefusal(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "Brokers are assigned to " + assignments.size() + " new partitions, but there would be "
                            + (wish.count() - existing) + ".");
        }
        List<Integer> brokers = image.brokers().stream().map(BrokerImage::id).toList();
        int replicationFactor = Math.min(topic.replicationFactor(), brokers.size());
        List<PartitionImage> added = new ArrayList<>();
        for (int index = existing; index < wish.count(); index++) {
            List<Integer> replicas;
            if (assignments == null) {
                replicas = ReplicaPlacement.replicas(brokers, image.topicCount() + index, replicationFactor);
            } else {
                replicas = assignments.get(index - existing);
                ReplicaPlacement.check(image, index, replicas, topic.replicationFactor());
            }
            added.add(PartitionImage.created(index, replicas));
        }
        return topic.withMore(added);
    }
}
