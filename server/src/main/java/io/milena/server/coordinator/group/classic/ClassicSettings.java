package io.milena.server.coordinator.group.classic;

/**
 * Limits of classic groups.
 *
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}
 * @param initialRebalanceDelayMs how long an empty group waits for more members, {@code group.initial.rebalance.delay.ms}
 * @param maxSize most members of a group, {@code group.max.size}
 */
public record ClassicSettings(
        int minSessionTimeoutMs, int maxSessionTimeoutMs, int initialRebalanceDelayMs, int maxSize) {
    /** How long a new member's join may wait; afterwards it must ask again, so that vanished clients are not kept for ever. */
    public static final int NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000;
}
