package io.milena.server.coordinator.group.consumer;

import org.jspecify.annotations.Nullable;

/**
 * Times that a group has for itself, by the settings of its name.
 *
 * @param sessionTimeoutMs {@code consumer.session.timeout.ms}, null if it has none
 * @param heartbeatIntervalMs {@code consumer.heartbeat.interval.ms}, null if it has none
 * @param assignmentIntervalMs {@code consumer.assignment.interval.ms}, null if it has none
 */
public record GroupTimes(
        @Nullable Integer sessionTimeoutMs,
        @Nullable Integer heartbeatIntervalMs,
        @Nullable Integer assignmentIntervalMs) {
    /** A group like all others. */
    public static final GroupTimes NONE = new GroupTimes(null, null, null);
}
