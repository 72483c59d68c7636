package io.milena.server.quota;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what a client uses of one quota, as the moment until which its use is paid for. For all threads. */
final class QuotaBucket {
    private static final long NANOS_PER_MS = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MAX_COST_NANOS = Long.MAX_VALUE / 4.0;

    private final AtomicLong paidUntilNanos;

    QuotaBucket(long nowMs) {
        paidUntilNanos = new AtomicLong(nowMs * NANOS_PER_MS);
    }

    /**
     * Uses up some of the quota.
     *
     * @param perSecond the quota
     * @param burstMs for how long a client that did nothing may use more at once
     * @return how long it has to wait, in ms
     */
    int use(double amount, double perSecond, long nowMs, long burstMs) {
        long nowNanos = nowMs * NANOS_PER_MS;
        long costNanos = (long) Math.min(MAX_COST_NANOS, amount / perSecond * NANOS_PER_SECOND);
        long paidNanos = paidUntilNanos.updateAndGet(paid -> {
            long from = Math.max(paid, nowNanos);
            return from > Long.MAX_VALUE - costNanos ? Long.MAX_VALUE : from + costNanos;
        });
        long waitMs = (paidNanos - nowNanos) / NANOS_PER_MS - burstMs;
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, waitMs));
    }
}
