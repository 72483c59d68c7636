package io.milena.server.strand;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Timers whose time stands still until a test moves it. Tasks run on the thread that calls {@link #advance}, each at its own time,
 * those of one time in the order they were set. Timers may be set from several threads; one moves the time.
 */
public final class ManualTimers implements Timers {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::dueMs).thenComparingLong(Waiting::number));
    private volatile long nowMs;
    private long scheduled;

    @Override
    public synchronized Timeout schedule(long delayMs, Runnable task) {
        Waiting timeout = new Waiting(nowMs + Math.max(0, delayMs), scheduled++, task);
        waiting.add(timeout);
        return () -> cancel(timeout);
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    /** Moves time, running what falls due on the way. */
    public void advance(long ms) {
        long targetMs = nowMs + ms;
        for (Waiting next = due(targetMs); next != null; next = due(targetMs)) {
            nowMs = Math.max(nowMs, next.dueMs);
            next.task.run();
        }
        nowMs = targetMs;
    }

    /** How many timers wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** A wall clock in UTC that moves with these timers; it begins at the first moment of 2026. */
    public Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("tests run in UTC");
            }

            @Override
            public Instant instant() {
                return START.plusMillis(nowMs);
            }
        };
    }

    private synchronized @Nullable Waiting due(long targetMs) {
        Waiting next = waiting.peek();
        return next != null && next.dueMs <= targetMs ? waiting.poll() : null;
    }

    private synchronized boolean cancel(Waiting timeout) {
        return waiting.remove(timeout);
    }

    private record Waiting(long dueMs, long number, Runnable task) {}
}
