package io.milena.server.coordinator.group;

import io.milena.server.config.GroupSettings;
import io.milena.server.coordinator.group.classic.ClassicSettings;
import io.milena.server.coordinator.group.offsets.OffsetSettings;
import java.util.concurrent.TimeUnit;

/**
 * All settings of the group coordinator.
 *
 * @param classic of classic groups
 * @param offsets of committed offsets
 */
public record GroupLimits(ClassicSettings classic, OffsetSettings offsets) {
    /** What the broker's settings say. */
    public static GroupLimits of(GroupSettings settings) {
        return new GroupLimits(
                new ClassicSettings(
                        settings.minSessionTimeoutMs(),
                        settings.maxSessionTimeoutMs(),
                        settings.initialRebalanceDelayMs(),
                        settings.maxSize()),
                new OffsetSettings(
                        settings.offsetMetadataMaxBytes(),
                        TimeUnit.MINUTES.toMillis(settings.offsetsRetentionMinutes()),
                        settings.offsetsRetentionCheckIntervalMs()));
    }
}
