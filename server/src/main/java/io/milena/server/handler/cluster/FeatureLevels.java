package io.milena.server.handler.cluster;

import java.util.List;

/**
 * The features this broker supports and the levels the cluster has agreed on (KIP-584).
 *
 * @param epoch of the agreement, -1 if there is none yet
 * @param features by name
 */
public record FeatureLevels(long epoch, List<Feature> features) {
    public FeatureLevels {
        features = List.copyOf(features);
    }

    /**
     * One feature, such as {@code transaction.version}.
     *
     * @param minLevel the lowest level supported
     * @param maxLevel the highest level supported
     * @param finalizedLevel the level in force; 0 is none
     */
    public record Feature(String name, short minLevel, short maxLevel, short finalizedLevel) {}
}
