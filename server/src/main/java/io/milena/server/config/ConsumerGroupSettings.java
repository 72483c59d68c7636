package io.milena.server.config;

import java.util.List;

/** Settings of consumer groups (KIP-848); times in ms. */
public final class ConsumerGroupSettings {
    private final BrokerSettings settings;

    ConsumerGroupSettings(BrokerSettings settings) {
        this.settings = settings;
    }

    /** Silence after which a member is removed. */
    public int sessionTimeoutMs() {
        return settings.integer("group.consumer.session.timeout.ms");
    }

    /** Smallest session timeout that a group may have. */
    public int minSessionTimeoutMs() {
        return settings.integer("group.consumer.min.session.timeout.ms");
    }

    /** Largest session timeout that a group may have. */
    public int maxSessionTimeoutMs() {
        return settings.integer("group.consumer.max.session.timeout.ms");
    }

    /** How often members are told to send heartbeats. */
    public int heartbeatIntervalMs() {
        return settings.integer("group.consumer.heartbeat.interval.ms");
    }

    /** Smallest heartbeat interval that a group may have. */
    public int minHeartbeatIntervalMs() {
        return settings.integer("group.consumer.min.heartbeat.interval.ms");
    }

    /** Largest heartbeat interval that a group may have. */
    public int maxHeartbeatIntervalMs() {
        return settings.integer("group.consumer.max.heartbeat.interval.ms");
    }

    /** Least time between two assignments of a group. */
    public int assignmentIntervalMs() {
        return settings.integer("group.consumer.assignment.interval.ms");
    }

    /** Smallest assignment interval that a group may have. */
    public int minAssignmentIntervalMs() {
        return settings.integer("group.consumer.min.assignment.interval.ms");
    }

    /** Largest assignment interval that a group may have. */
    public int maxAssignmentIntervalMs() {
        return settings.integer("group.consumer.max.assignment.interval.ms");
    }

    /** Most members of one group. */
    public int maxSize() {
        return settings.integer("group.consumer.max.size");
    }

    /** How often patterns are matched anew. */
    public int regexRefreshIntervalMs() {
        return settings.integer("group.consumer.regex.refresh.interval.ms");
    }

    /** Which groups may change protocol while they have members: disabled, upgrade, downgrade or bidirectional, in any case. */
    public String migrationPolicy() {
        return settings.text("group.consumer.migration.policy");
    }

    /** Names of assignors, the default first. */
    public List<String> assignors() {
        return settings.list("group.consumer.assignors");
    }
}
