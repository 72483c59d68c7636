package io.milena.server.cluster;

/**
 * The wish to give a feature another level.
 *
 * @param feature its name
 * @param level the level wanted; 0 is without the feature
 * @param direction where it may go
 */
public record FeatureUpdate(String feature, short level, Direction direction) {
    /** Which way a level may move. */
    public enum Direction {
        UPGRADE,
        DOWNGRADE
    }
}
