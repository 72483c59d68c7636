package io.milena.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that may block on the disk. They are made when there is work and go when there is none. */
final class BackgroundThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_TIMEOUT_SECONDS = 60;

    private final ThreadPoolExecutor threads;

    /** @param count most threads at a time; more tasks wait in line */
    BackgroundThreads(String name, int count) {
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name));
        threads.allowCoreThreadTimeOut(true);
    }

    ExecutorService executor() {
        return threads;
    }

    /** Tasks that wait for a thread. */
    int waiting() {
        return threads.getQueue().size();
    }

    /** Threads that run a task. */
    int busy() {
        return threads.getActiveCount();
    }

    /** Runs what waits, without interrupting anybody: an interrupt would close files. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("tasks still run after " + CLOSE_TIMEOUT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory factory(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
