package io.milena.server.strand;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in the order they were given, and so owns whatever state only its tasks touch.
 *
 * <p>A free strand runs the task at once on the caller's thread, then whatever was queued meanwhile, at most
 * {@value #MAX_INLINE_TASKS} tasks; the rest is posted to the home executor. A busy strand queues. Inside any strand, work for a
 * strand (another one or the same) is always queued, never run inline: no nesting, no lock order, no deadlock. Memory effects
 * of a task are visible to the next one. All methods may be called from any thread; none blocks.
 *
 * <p>A task that throws is logged and does not stop the strand. The home executor must outlive the strand: if it rejects
 * work, the rejection reaches the caller and the strand runs nothing more.
 *
 * <p>The queue itself has no limit: what is queued is bounded by the limits on requests in flight and by the timers set.
 */
public final class Strand implements Executor {
    /** Tasks one borrowed thread runs before it hands the strand over to the home executor. */
    static final int MAX_INLINE_TASKS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Strand.class);

    /** The strand whose task the current thread runs; the mark of the stack, not shared state. */
    private static final ThreadLocal<@Nullable Strand> CURRENT = new ThreadLocal<>();

    private final String name;
    private final Executor home;
    private final Queue<Runnable> queue;
    private final Runnable drainAtHome = this::drain;

    /**
     * Tasks accepted and not yet finished, counted after they were queued: whoever raises it from zero owns the strand until it is
     * zero again.
     */
    private final AtomicInteger pending = new AtomicInteger();

    /** Where it runs while it is away. */
    private volatile @Nullable Executor away;

    /** @param home runs what no caller's thread may or should run; it must not run tasks on the thread that gives them to it */
    public Strand(String name, Executor home) {
        this(name, home, new ConcurrentLinkedQueue<>());
    }

    /** With a queue that a test can look into. */
    Strand(String name, Executor home, Queue<Runnable> queue) {
        this.name = name;
        this.home = home;
        this.queue = queue;
    }

    /** Runs the task now if the strand is free and this thread is in no strand; otherwise queues it. */
    @Override
    public void execute(Runnable task) {
        if (CURRENT.get() != null || away != null) {
            executeLater(task);
        } else if (!pending.compareAndSet(0, 1)) {
            queue.add(task);
            if (pending.getAndIncrement() == 0) {
                drain();
            }
        } else if (queue.isEmpty()) {
            runFirst(task);
        } else { // a task that another thread queued but did not count yet was run in place of one of ours
            queue.add(task);
            drain();
        }
    }

    /** Queues the task, also when the strand is free; the home executor (or the thread that is busy in the strand) runs it. */
    public void executeLater(Runnable task) {
        queue.add(task);
        if (pending.getAndIncrement() == 0) {
            post();
        }
    }

    /**
     * Lets all further tasks run on an executor, none on the thread of a caller, until {@link #comeHome}: for work that may hold up whoever
     * does it. They take turns with whatever else the executor runs, one task a turn. The executor must outlive the strand, too.
     */
    public void moveTo(Executor executor) {
        away = executor;
    }

    /** Runs as before it was moved. */
    public void comeHome() {
        away = null;
    }

    /** Whether the current thread runs a task of this strand. */
    public boolean isInside() {
        return CURRENT.get() == this;
    }

    /** @throws IllegalStateException if the current thread is not inside this strand */
    public void assertInside() {
        if (CURRENT.get() != this) {
            throw new IllegalStateException("not inside strand " + name + " but in " + CURRENT.get());
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Makes the current thread one on which no strand ever runs inline, whatever it brings to a strand. */
    static void neverInlineOnThisThread() {
        CURRENT.set(new Strand("none, on " + Thread.currentThread().getName(), Runnable::run));
    }

    private void runFirst(Runnable task) {
        CURRENT.set(this);
        try {
            run(task);
        } finally {
            CURRENT.set(null);
        }
        if (pending.decrementAndGet() > 0) {
            if (away == null) {
                drain();
            } else {
                post();
            }
        }
    }

    private void drain() {
        Strand outer =
                CURRENT.get(); // a home executor may itself run inside something that must never run strands inline
        CURRENT.set(this);
        try {
            for (int i = 0; i < MAX_INLINE_TASKS; i++) {
                run(queue.remove());
                if (pending.decrementAndGet() == 0) {
                    return;
                }
                if (away != null) {
                    break;
                }
            }
        } finally {
            CURRENT.set(outer);
        }
        post();
    }

    private void post() {
        Executor elsewhere = away;
        (elsewhere == null ? home : elsewhere).execute(drainAtHome);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("task failed: strand={}", name, e);
        }
    }
}
