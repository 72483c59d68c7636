package io.milena.server.strand;

import io.netty.util.HashedWheelTimer;
import java.util.concurrent.TimeUnit;

/**
 * The timers of a running broker: one hashed wheel with one thread. Setting and cancelling a timer costs a queue entry, however
 * many wait. Strands never run on the wheel's thread: what a timer brings to a free strand is run by the strand's home executor.
 */
public final class WheelTimers implements Timers, AutoCloseable {
    private static final int TICK_MS = 10;
    private static final int WHEEL_TICKS = 1024;

    private final HashedWheelTimer wheel =
            new HashedWheelTimer(WheelTimers::thread, TICK_MS, TimeUnit.MILLISECONDS, WHEEL_TICKS);

    /** Starts the wheel's thread. */
    public WheelTimers() {
        wheel.start();
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        return wheel.newTimeout(ignored -> task.run(), delayMs, TimeUnit.MILLISECONDS)::cancel;
    }

    @Override
    public long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public long nowNanos() {
        return System.nanoTime();
    }

    /** Stops the thread; timers that wait never run. */
    @Override
    public void close() {
        wheel.stop();
    }

    private static Thread thread(Runnable wheel) {
        Thread thread = new Thread(
                () -> {
                    Strand.neverInlineOnThisThread();
                    wheel.run();
                },
                "milena-timers");
        thread.setDaemon(true);
        return thread;
    }
}
