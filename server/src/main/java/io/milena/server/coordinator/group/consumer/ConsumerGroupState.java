package io.milena.server.coordinator.group.consumer;

/** Where a consumer group stands; follows from its epochs and members. */
public enum ConsumerGroupState {
    /** No members; offsets may be left. */
    EMPTY("Empty"),
    /** The group changed and the new target assignment is not computed yet. */
    ASSIGNING("Assigning"),
    /** Some members are still on the way to their targets. */
    RECONCILING("Reconciling"),
    /** All members have what they are to have. */
    STABLE("Stable");

    private final String label;

    ConsumerGroupState(String label) {
        this.label = label;
    }

    /** The name clients know. */
    public String label() {
        return label;
    }
}
