package io.milena.server.coordinator.group.consumer;

import io.milena.server.cluster.ClusterImage;

/**
 * What a decision depends on besides the group and the request.
 *
 * @param image the cluster's topics
 * @param settings of all groups
 * @param times of this group
 * @param nowMs the time, in ms since 1970
 */
record Surroundings(ClusterImage image, ConsumerSettings settings, GroupTimes times, long nowMs) {
    int sessionTimeoutMs() {
        return settings.sessionTimeoutMs().forGroup(times.sessionTimeoutMs());
    }

    int heartbeatIntervalMs() {
        return settings.heartbeatIntervalMs().forGroup(times.heartbeatIntervalMs());
    }

    int assignmentIntervalMs() {
        return settings.assignmentIntervalMs().forGroup(times.assignmentIntervalMs());
    }
}
