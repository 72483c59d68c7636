package io.milena.server.config;

import java.util.List;

/** Settings of groups and of committed offsets. */
public final class GroupSettings {
    private final BrokerSettings settings;

    GroupSettings(BrokerSettings settings) {
        this.settings = settings;
    }

    /** Smallest session timeout a classic member may ask for, in ms. */
    public int minSessionTimeoutMs() {
        return settings.integer("group.min.session.timeout.ms");
    }

    /** Largest session timeout a classic member may ask for, in ms. */
    public int maxSessionTimeoutMs() {
        return settings.integer("group.max.session.timeout.ms");
    }

    /** How long an empty group waits for more members, in ms. */
    public int initialRebalanceDelayMs() {
        return settings.integer("group.initial.rebalance.delay.ms");
    }

    /** Most members of one classic group. */
    public int maxSize() {
        return settings.integer("group.max.size");
    }

    /** The protocols that members may use. */
    public List<String> rebalanceProtocols() {
        return settings.list("group.coordinator.rebalance.protocols");
    }

    /** Consumer groups. */
    public ConsumerGroupSettings consumers() {
        return new ConsumerGroupSettings(settings);
    }

    /** Longest text that may be stored with a committed offset, in bytes. */
    public int offsetMetadataMaxBytes() {
        return settings.integer("offset.metadata.max.bytes");
    }

    /** How long a commit of offsets waits for its replicas, in ms. */
    public int offsetsCommitTimeoutMs() {
        return settings.integer("offsets.commit.timeout.ms");
    }

    /** How long committed offsets live after their group became empty, in minutes. */
    public int offsetsRetentionMinutes() {
        return settings.integer("offsets.retention.minutes");
    }

    /** How often expired offsets are removed, in ms. */
    public long offsetsRetentionCheckIntervalMs() {
        return settings.longInteger("offsets.retention.check.interval.ms");
    }

    /** Partitions of the topic of committed offsets. */
    public int offsetsTopicPartitions() {
        return settings.integer("offsets.topic.num.partitions");
    }

    /** Wanted replicas of the topic of committed offsets. */
    public int offsetsTopicReplicationFactor() {
        return settings.integer("offsets.topic.replication.factor");
    }

    /** Segment size of the topic of committed offsets, in bytes. */
    public int offsetsTopicSegmentBytes() {
        return settings.integer("offsets.topic.segment.bytes");
    }
}
