package io.milena.server.network;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes of all requests received and not yet answered. Above the limit no connection begins another frame; one that has
 * begun may finish, so each connection can exceed the limit by one frame, and none can wait for itself. For all threads.
 */
final class RequestMemory {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    RequestMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean hasRoom() {
        return usedBytes.get() < limitBytes;
    }

    long usedBytes() {
        return usedBytes.get();
    }

    void reserve(int bytes) {
        usedBytes.addAndGet(bytes);
    }

    void release(int bytes) {
        if (usedBytes.addAndGet(-bytes) < limitBytes) {
            wake();
        }
    }

    /** Runs the task, once, on any thread, when there may be room; at once if there is already. */
    void whenRoom(Runnable task) {
        waiting.add(task);
        if (hasRoom()) {
            wake();
        }
    }

    private void wake() {
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }
}
