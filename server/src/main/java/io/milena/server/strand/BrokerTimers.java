package io.milena.server.strand;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of a running broker: one thread that sleeps until the next timer is due, so that timers nobody waits for cost nothing. Timers
 * that are due at about the same time run together: within {@value #MIN_STEP_MS} ms, and those that were set for long within
 * {@value #MAX_STEP_MS} ms. Setting one costs a queue entry, and wakes the thread only if it is due before all others. Strands never run on
 * this thread: what a timer brings to a free strand is run by the strand's home executor.
 *
 * <p>A cancelled timer stays until its time, or until most of those that are kept are cancelled.
 */
public final class BrokerTimers implements Timers, AutoCloseable {
    private static final long MIN_STEP_MS = 10;
    private static final long MAX_STEP_MS = 50;

    /** A timer is late by at most that part of its time, beyond the smallest step. */
    private static final long STEPS_OF_DELAY = 10;

    private static final long LONGEST_SLEEP_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Fewer cancelled timers are not worth a look. */
    private static final int MIN_SWEPT = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(BrokerTimers.class);

    /** Set and not yet seen by the thread. */
    private final Queue<Entry> added = new ConcurrentLinkedQueue<>();

    /** What the thread waits for, the next one first. Belongs to the thread. */
    private final PriorityQueue<Entry> kept = new PriorityQueue<>();

    /** Cancelled and not yet removed. */
    private final AtomicInteger cancelled = new AtomicInteger();

    private final Thread thread = new Thread(this::run, "milena-timers");

    /** When the thread wakes by itself. */
    private volatile long wakesNanos = System.nanoTime();

    /** How many cancelled timers are worth waking the thread. */
    private volatile int sweptAt = MIN_SWEPT;

    private volatile boolean closed;

    /** Starts the thread. */
    public BrokerTimers() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        long delayNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(0, Math.min(delayMs, Integer.MAX_VALUE)));
        long stepMs = Math.max(MIN_STEP_MS, Math.min(delayMs / STEPS_OF_DELAY, MAX_STEP_MS));
        long stepNanos = TimeUnit.MILLISECONDS.toNanos(stepMs);
        long dueNanos = System.nanoTime() + delayNanos;
        Entry entry = new Entry(this, task, dueNanos - Math.floorMod(dueNanos, stepNanos) + stepNanos);
        added.add(entry);
        if (entry.dueNanos - wakesNanos < 0) {
            LockSupport.unpark(thread);
        }
        return entry;
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
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        Strand.neverInlineOnThisThread();
        while (!closed) {
            keepAdded();
            if (cancelled.get() >= sweptAt) {
                sweep();
            }
            runDue();
            Entry next = kept.peek();
            wakesNanos = next == null ? System.nanoTime() + LONGEST_SLEEP_NANOS : next.dueNanos;
            if (added.isEmpty() && !closed) { // whoever adds one from now on sees when this thread wakes
                LockSupport.parkNanos(this, wakesNanos - System.nanoTime());
            }
        }
    }

    private void keepAdded() {
        for (Entry entry = added.poll(); entry != null; entry = added.poll()) {
            kept.add(entry);
        }
    }

    private void sweep() {
        kept.removeIf(entry -> {
            boolean isCancelled = entry.isOver();
            if (isCancelled) {
                cancelled.getAndDecrement();
            }
            return isCancelled;
        });
        sweptAt = Math.max(MIN_SWEPT, kept.size());
    }

    private void runDue() {
        long nowNanos = System.nanoTime();
        for (Entry next = kept.peek(); next != null && next.dueNanos - nowNanos <= 0; next = kept.peek()) {
            kept.remove();
            Runnable task = next.take();
            if (task == null) {
                cancelled.getAndDecrement();
            } else {
                run(task);
            }
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("timer failed", e);
        }
    }

    private void cancelled() {
        if (cancelled.incrementAndGet() >= sweptAt) {
            LockSupport.unpark(thread);
        }
    }

    private static final class Entry implements Timeout, Comparable<Entry> {
        private final BrokerTimers timers;
        private final long dueNanos;

        /** Null once it runs or is cancelled. */
        private final AtomicReference<@Nullable Runnable> task;

        Entry(BrokerTimers timers, Runnable task, long dueNanos) {
            this.timers = timers;
            this.task = new AtomicReference<>(task);
            this.dueNanos = dueNanos;
        }

        boolean isOver() {
            return task.get() == null;
        }

        @Nullable
        Runnable take() {
            return task.getAndSet(null);
        }

        @Override
        public boolean cancel() {
            boolean wasSet = take() != null;
            if (wasSet) {
                timers.cancelled();
            }
            return wasSet;
        }

        @Override
        public int compareTo(Entry other) {
            return Long.compare(dueNanos - other.dueNanos, 0);
        }
    }
}
