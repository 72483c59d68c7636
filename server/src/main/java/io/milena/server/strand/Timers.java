package io.milena.server.strand;

import java.util.concurrent.TimeUnit;

/**
 * Runs tasks later. A task runs on a timer's thread, may be some milliseconds late, is never early, and must do nothing but bring work
 * to a strand or an executor. May be used from any thread.
 */
public interface Timers {
    /**
     * @param delayMs how long to wait, from now; zero and less mean as soon as possible, still not on this thread
     * @param task what to run once
     */
    Timeout schedule(long delayMs, Runnable task);

    /** Milliseconds on a clock that never goes back and has no meaning but for differences. */
    long nowMs();

    /** The same clock in nanoseconds, as fine as it is. */
    default long nowNanos() {
        return TimeUnit.MILLISECONDS.toNanos(nowMs());
    }
}
