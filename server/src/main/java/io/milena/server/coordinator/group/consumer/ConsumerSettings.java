package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.group.consumer.assignor.Assignor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits of consumer groups.
 *
 * @param sessionTimeoutMs silence after which a member is removed
 * @param heartbeatIntervalMs how often members are told to send heartbeats
 * @param assignmentIntervalMs least time between two assignments of a group
 * @param maxSize most members of a group
 * @param regexRefreshIntervalMs how often patterns are matched anew even if no topic came
 * @param migration which groups may change between the protocols while they have members
 * @param assignors what clients may ask for, the default first
 */
public record ConsumerSettings(
        Bounded sessionTimeoutMs,
        Bounded heartbeatIntervalMs,
        Bounded assignmentIntervalMs,
        int maxSize,
        long regexRefreshIntervalMs,
        MigrationPolicy migration,
        List<Assignor> assignors) {
    /** Least time between two matches of a group's patterns, in ms. */
    static final long REGEX_REFRESH_MIN_INTERVAL_MS = 10_000;

    public ConsumerSettings {
        assignors = List.copyOf(assignors);
    }

    /**
     * A time that a group may have for itself.
     *
     * @param byDefault of a group that has none of its own
     * @param least least a group may have
     * @param most most a group may have
     */
    public record Bounded(int byDefault, int least, int most) {
        int forGroup(@Nullable Integer own) {
            return own == null ? byDefault : Math.max(least, Math.min(most, own));
        }
    }

    /** The assignor of that name, null if it is not offered. */
    @Nullable
    Assignor assignor(String name) {
        for (Assignor assignor : assignors) {
            if (assignor.name().equals(name)) {
                return assignor;
            }
        }
        return null;
    }

    Assignor defaultAssignor() {
        return assignors.get(0);
    }
}
