package io.milena.log.clean;

import java.util.function.LongSupplier;

/**
 * Spreads reading and writing over time, so that its rate stays below a limit. Whoever moved bytes is told how long to
 * wait before the next ones. Any thread.
 */
final class IoBudget {
    private static final double MS_PER_SECOND = 1000;

    private final LongSupplier clockMs;
    private double freeAtMs;

    /** A budget that is free at once; the clock must not go back. */
    IoBudget(LongSupplier clockMs) {
        this.clockMs = clockMs;
        this.freeAtMs = clockMs.getAsLong();
    }

    /**
     * Pays for bytes moved.
     *
     * @return how long to wait in ms, 0 if there is no need to
     */
    synchronized long pay(long bytes, double maxBytesPerSecond) {
        double now = clockMs.getAsLong();
        freeAtMs = Math.max(now, freeAtMs) + bytes / Math.max(1, maxBytesPerSecond) * MS_PER_SECOND;
        return (long) Math.min(Integer.MAX_VALUE, freeAtMs - now);
    }

    /** Lets bytes that were moved before count no more, as they were paid for at another rate. */
    synchronized void forget() {
        freeAtMs = clockMs.getAsLong();
    }
}
