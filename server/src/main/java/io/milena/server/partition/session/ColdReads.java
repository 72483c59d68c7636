package io.milena.server.partition.session;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the disk on background threads what fetches want and memory probably does not hold, so that no network loop waits for
 * a disk. Those who wait are served in turn, one read each, however much one of them wants. Shared by all fetches of a broker.
 */
public final class ColdReads {
    /** Most reads at a time; more would only keep others from the background threads. */
    public static final int MAX_RUNNING = 4;

    /** Most reads that wait, over all fetches; a fetch beyond that waits for the disk itself. */
    static final int MAX_WAITING = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(ColdReads.class);

    private final Executor background;
    private final Queue<Reader> inTurn = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    /** @param background may block on the disk */
    public ColdReads(Executor background) {
        this.background = background;
    }

    /** The reads of one connection. */
    Reader reader() {
        return new Reader();
    }

    /** Starts a thread for what waits, unless enough of them run. */
    private void start() {
        int now = running.get();
        while (now < MAX_RUNNING) {
            if (running.compareAndSet(now, now + 1)) {
                background.execute(this::work);
                return;
            }
            now = running.get();
        }
    }

    private void work() {
        Reader next = inTurn.poll();
        while (next != null) {
            next.readOne();
            next = inTurn.poll();
        }
        running.decrementAndGet();
        if (!inTurn.isEmpty()) { // added after the last look, when this thread still counted
            start();
        }
    }

    /** What one connection wants to have read, in order. Any thread. */
    final class Reader {
        private final Queue<Runnable> wanted = new ArrayDeque<>();
        private boolean closed;

        /** Queues a read; false if too many wait. */
        boolean read(Runnable task) {
            if (waiting.incrementAndGet() > MAX_WAITING) {
                waiting.decrementAndGet();
                return false;
            }
            boolean first = false;
            synchronized (this) {
                if (closed) {
                    waiting.decrementAndGet();
                    return true;
                }
                first = wanted.isEmpty();
                wanted.add(task);
            }
            if (first) {
                takeTurn();
            }
            return true;
        }

        /** Drops what waits. */
        synchronized void close() {
            closed = true;
            waiting.addAndGet(-wanted.size());
            wanted.clear();
        }

        private void takeTurn() {
            inTurn.add(this);
            start();
        }

        private void readOne() {
            Runnable task = head();
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("read ahead failed", e);
            }
            if (removeHead()) {
                inTurn.add(this);
            }
        }

        private synchronized @Nullable Runnable head() {
            return wanted.peek();
        }

        /** Whether there is more to read. */
        private synchronized boolean removeHead() {
            if (wanted.poll() != null) {
                waiting.decrementAndGet();
            }
            return !wanted.isEmpty();
        }
    }
}
