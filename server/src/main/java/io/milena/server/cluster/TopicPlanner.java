package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.InvalidSettingException;
import io.milena.server.config.TopicSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides what a wished topic would be, or why it cannot be. Touches nothing. */
final class TopicPlanner {
    private final Supplier<BrokerSettings> settings;
    private final Supplier<UUID> topicIds;

    /** @param topicIds makes the ids of new topics */
    TopicPlanner(Supplier<BrokerSettings> settings, Supplier<UUID> topicIds) {
        this.settings = settings;
        this.topicIds = topicIds;
    }

    /** The result for {@code wish} in a cluster that looks like {@code image}. */
    TopicResult plan(ClusterImage image, NewTopic wish) {
        try {
            checkName(image, wish.name());
            Map<String, String> configs = checkConfigs(wish.configs());
            List<PartitionImage> partitions =
                    wish.assignments().isEmpty() ? placed(image, wish) : assigned(image, wish);
            return TopicResult.created(new TopicImage(wish.name(), topicIds.get(), partitions, configs));
        } catch (TopicRefusal refusal) {
            return TopicResult.refused(wish.name(), refusal.error(), String.valueOf(refusal.getMessage()));
        }
    }

    /** How many partitions a wish asks for; 0 if it asks for nonsense. */
    long partitionCount(NewTopic wish) {
        if (!wish.assignments().isEmpty()) {
            return wish.assignments().size();
        }
        return wish.numPartitions() == NewTopic.DEFAULT
                ? settings.get().numPartitions()
                : Math.max(wish.numPartitions(), 0);
    }

    private void checkName(ClusterImage image, String name) {
        String problem = TopicName.problem(name);
        if (problem != null) {
            throw new TopicRefusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
        }
        if (image.topic(name) != null) {
            throw new TopicRefusal(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' exists already.");
        }
        String colliding = image.collidingTopic(name);
        if (colliding != null) {
            throw new TopicRefusal(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + name + "' differs from the existing topic '" + colliding + "' in '.' and '_' alone.");
        }
    }

    private Map<String, String> checkConfigs(Map<String, @Nullable String> wished) {
        Map<String, String> configs = new HashMap<>();
        wished.forEach((name, value) -> {
            if (value == null) {
                throw new TopicRefusal(ErrorCode.INVALID_CONFIG, "The topic setting " + name + " cannot be null.");
            }
            configs.put(name, value);
        });
        try {
            TopicSettings.of(settings.get(), configs);
        } catch (InvalidSettingException e) {
            throw new TopicRefusal(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        }
        return configs;
    }

    private List<PartitionImage> placed(ClusterImage image, NewTopic wish) {
        if (wish.replicationFactor() < NewTopic.DEFAULT || wish.replicationFactor() == 0) {
            throw new TopicRefusal(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "The replication factor must be positive, or -1 for the default.");
        }
        if (wish.numPartitions() < NewTopic.DEFAULT || wish.numPartitions() == 0) {
            throw new TopicRefusal(
                    ErrorCode.INVALID_PARTITIONS, "The number of partitions must be positive, or -1 for the default.");
        }
        int replicationFactor = wish.replicationFactor() == NewTopic.DEFAULT
                ? settings.get().defaultReplicationFactor()
                : wish.replicationFactor();
        List<Integer> brokers = image.brokers().stream().map(BrokerImage::id).toList();
        if (replicationFactor > brokers.size()) {
            throw new TopicRefusal(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "The replication factor " + replicationFactor + " is larger than the number of live brokers, "
                            + brokers.size() + ".");
        }
        int count = (int) partitionCount(wish);
        List<PartitionImage> partitions = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            partitions.add(PartitionImage.created(
                    index, ReplicaPlacement.replicas(brokers, image.topicCount() + index, replicationFactor)));
        }
        return partitions;
    }

    private List<PartitionImage> assigned(ClusterImage image, NewTopic wish) {
        if (wish.replicationFactor() != NewTopic.DEFAULT || wish.numPartitions() != NewTopic.DEFAULT) {
            throw new TopicRefusal(
                    ErrorCode.INVALID_REQUEST,
                    "With replicas assigned by hand, the number of partitions and the replication factor must be -1.");
        }
        Map<Integer, List<Integer>> byPartition = new HashMap<>();
        int replicationFactor = wish.assignments().get(0).brokers().size();
        for (NewTopic.Assignment assignment : wish.assignments()) {
            ReplicaPlacement.check(image, assignment.partition(), assignment.brokers(), replicationFactor);
            if (byPartition.put(assignment.partition(), assignment.brokers()) != null) {
                throw invalidAssignment("Partition " + assignment.partition() + " is assigned twice.");
            }
        }
        List<PartitionImage> partitions = new ArrayList<>();
        for (int index = 0; index < byPartition.size(); index++) {
            List<Integer> replicas = byPartition.get(index);
            if (replicas == null) {
                throw invalidAssignment("The assigned partitions are not numbered 0, 1, 2 and so on.");
            }
            partitions.add(PartitionImage.created(index, replicas));
        }
        return partitions;
    }

    private static TopicRefusal invalidAssignment(String message) {
        return new TopicRefusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
