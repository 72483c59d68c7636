package io.milena.server.coordinator.group.consumer;

import io.milena.server.cluster.ClusterImage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where consumer groups live.
 *
 * @param settings of all groups
 * @param images the cluster of now
 * @param times what groups have for themselves, by their ids
 * @param classicMaxSize most members of a classic group
 */
public record ConsumerEnvironment(
        ConsumerSettings settings,
        Supplier<ClusterImage> images,
        Function<String, GroupTimes> times,
        int classicMaxSize) {
    Surroundings around(String groupId, long nowMs) {
        return new Surroundings(images.get(), settings, times.apply(groupId), nowMs);
    }
}
