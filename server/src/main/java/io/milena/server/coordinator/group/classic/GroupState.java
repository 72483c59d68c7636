package io.milena.server.coordinator.group.classic;

/**
 * Where a group is in its life.
 *
 * <pre>
 *                       first join                    all joined, or time is up
 *          EMPTY ------------------> PREPARING_REBALANCE ------------------> COMPLETING_REBALANCE
 *            ^                          |     ^      ^                          |        |
 *            +---- nobody joined -------+     |      +--- join, leave, expiry --+        | leader's
 *                                             |                                          | assignment
 *                                             +------ join, leave, expiry --- STABLE <---+
 * </pre>
 *
 * A deleted group simply is not there; clients see it as {@code Dead}.
 */
public enum GroupState {
    /** No members; offsets may be left. */
    EMPTY("Empty"),
    /** Waiting for every member to (re)join. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** Waiting for the leader's assignment. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Everybody has an assignment. */
    STABLE("Stable");

    /** The state shown for a group that does not exist. */
    public static final String DEAD = "Dead";

    private final String label;

    GroupState(String label) {
        this.label = label;
    }

    /** The name clients know. */
    public String label() {
        return label;
    }

    boolean mayFollow(GroupState previous) {
        return switch (this) {
            case EMPTY, COMPLETING_REBALANCE -> previous == PREPARING_REBALANCE;
            case PREPARING_REBALANCE -> previous != PREPARING_REBALANCE;
            case STABLE -> previous == COMPLETING_REBALANCE;
        };
    }
}
