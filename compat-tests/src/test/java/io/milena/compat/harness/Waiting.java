package io.milena.compat.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for what another process does, the only thing these tests cannot be told about. */
public final class Waiting {

    private static final Duration STEP = Duration.ofMillis(50);

    private Waiting() {}

    /** Lets the given time pass. */
    public static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted while waiting");
        }
    }

    /** Waits until the condition holds; fails with what was awaited and the state at that time when it takes longer. */
    public static void until(String awaited, Duration timeout, BooleanSupplier condition, Supplier<?> state) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + timeout + " for " + awaited + "; now: " + state.get());
            }
            pause(STEP);
        }
    }
}
