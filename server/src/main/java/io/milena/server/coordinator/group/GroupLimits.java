package io.milena.server.coordinator.group;

import io.milena.server.config.ConsumerGroupSettings;
import io.milena.server.config.GroupSettings;
import io.milena.server.coordinator.group.classic.ClassicSettings;
import io.milena.server.coordinator.group.consumer.ConsumerSettings;
import io.milena.server.coordinator.group.consumer.ConsumerSettings.Bounded;
import io.milena.server.coordinator.group.consumer.MigrationPolicy;
import io.milena.server.coordinator.group.consumer.assignor.Assignor;
import io.milena.server.coordinator.group.consumer.assignor.RangeAssignor;
import io.milena.server.coordinator.group.consumer.assignor.UniformAssignor;
import io.milena.server.coordinator.group.offsets.OffsetSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All settings of the group coordinator.
 *
 * @param classic of classic groups
 * @param offsets of committed offsets
 * @param consumer of consumer groups
 */
public record GroupLimits(ClassicSettings classic, OffsetSettings offsets, ConsumerSettings consumer) {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLimits.class);

    private static final List<Assignor> OFFERED = List.of(new UniformAssignor(), new RangeAssignor());

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
                        settings.offsetsRetentionCheckIntervalMs()),
                consumer(settings.consumers()));
    }

    private static ConsumerSettings consumer(ConsumerGroupSettings settings) {
        return new ConsumerSettings(
                new Bounded(
                        settings.sessionTimeoutMs(), settings.minSessionTimeoutMs(), settings.maxSessionTimeoutMs()),
                new Bounded(
                        settings.heartbeatIntervalMs(),
                        settings.minHeartbeatIntervalMs(),
                        settings.maxHeartbeatIntervalMs()),
                new Bounded(
                        settings.assignmentIntervalMs(),
                        settings.minAssignmentIntervalMs(),
                        settings.maxAssignmentIntervalMs()),
                settings.maxSize(),
                settings.regexRefreshIntervalMs(),
                MigrationPolicy.valueOf(settings.migrationPolicy().toUpperCase(Locale.ROOT)),
                assignors(settings.assignors()));
    }

    /** Assignors that are classes of other brokers are left out; if nothing is left, the first of ours. */
    private static List<Assignor> assignors(List<String> names) {
        List<Assignor> assignors = new ArrayList<>();
        for (String name : names) {
            OFFERED.stream().filter(assignor -> assignor.name().equals(name)).forEach(assignors::add);
        }
        if (assignors.size() < names.size()) {
            LOG.warn("only the assignors of the broker itself can be offered: group.consumer.assignors={}", names);
        }
        return assignors.isEmpty() ? OFFERED : assignors;
    }
}
