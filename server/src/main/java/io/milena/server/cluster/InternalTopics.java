package io.milena.server.cluster;

import io.milena.server.config.BrokerSettings;
import io.milena.server.config.GroupSettings;
import io.milena.server.config.TransactionSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the broker's own topics look like when they are created. */
final class InternalTopics {
    private final BrokerSettings settings;

    InternalTopics(BrokerSettings settings) {
        this.settings = settings;
    }

    /** @param liveBrokers more replicas than that are not asked for, so that a single broker can serve everything */
    NewTopic wish(String name, int liveBrokers) {
        return switch (name) {
            case TopicImage.CONSUMER_OFFSETS -> offsets(liveBrokers);
            case TopicImage.TRANSACTION_STATE -> transactions(liveBrokers);
            default -> throw new IllegalArgumentException("not an internal topic: " + name);
        };
    }

    private NewTopic offsets(int liveBrokers) {
        GroupSettings groups = settings.groups();
        Map<String, @Nullable String> configs = Map.of(
                "cleanup.policy", "compact",
                "compression.type", "producer",
                "segment.bytes", String.valueOf(groups.offsetsTopicSegmentBytes()));
        return new NewTopic(
                TopicImage.CONSUMER_OFFSETS,
                groups.offsetsTopicPartitions(),
                Math.min(groups.offsetsTopicReplicationFactor(), liveBrokers),
                List.of(),
                configs);
    }

    private NewTopic transactions(int liveBrokers) {
        TransactionSettings transactions = settings.transactions();
        Map<String, @Nullable String> configs = Map.of(
                "cleanup.policy", "compact",
                "compression.type", "uncompressed",
                "unclean.leader.election.enable", "false",
                "min.insync.replicas",
                        String.valueOf(Math.min(transactions.stateTopicMinInSyncReplicas(), liveBrokers)),
                "segment.bytes", String.valueOf(transactions.stateTopicSegmentBytes()));
        return new NewTopic(
                TopicImage.TRANSACTION_STATE,
                transactions.stateTopicPartitions(),
                Math.min(transactions.stateTopicReplicationFactor(), liveBrokers),
                List.of(),
                configs);
    }
}
