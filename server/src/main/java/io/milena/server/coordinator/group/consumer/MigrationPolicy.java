package io.milena.server.coordinator.group.consumer;

/** Which groups that have members may change between the classic and the consumer protocol. */
public enum MigrationPolicy {
    DISABLED(false, false),
    UPGRADE(true, false),
    DOWNGRADE(false, true),
    BIDIRECTIONAL(true, true);

    private final boolean upgrades;
    private final boolean downgrades;

    MigrationPolicy(boolean upgrades, boolean downgrades) {
        this.upgrades = upgrades;
        this.downgrades = downgrades;
    }

    /** Whether a classic group may become a consumer group. */
    boolean upgrades() {
        return upgrades;
    }

    /** Whether a consumer group may become a classic one. */
    boolean downgrades() {
        return downgrades;
    }
}
