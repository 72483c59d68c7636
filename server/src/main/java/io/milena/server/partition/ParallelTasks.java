package io.milena.server.partition;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs many tasks that block on disk on a shared executor, a limited number at a time. */
final class ParallelTasks {
    private final Executor executor;
    private final int limit;

    ParallelTasks(Executor executor, int limit) {
        this.executor = executor;
        this.limit = limit;
    }

    /** Completed when all tasks have run, in no order; fails with the first failure, after all have run. */
    CompletableFuture<Void> run(List<? extends Runnable> tasks) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        int workers = Math.min(limit, tasks.size());
        if (workers == 0) {
            done.complete(null);
            return done;
        }
        Queue<Runnable> queue = new ConcurrentLinkedQueue<>(tasks);
        AtomicInteger working = new AtomicInteger(workers);
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        for (int i = 0; i < workers; i++) {
            executor.execute(() -> {
                drain(queue, failure);
                if (working.decrementAndGet() == 0) {
                    end(done, failure.get());
                }
            });
        }
        return done;
    }

    private static void drain(Queue<Runnable> queue, AtomicReference<@Nullable RuntimeException> failure) {
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        }
    }

    private static void end(CompletableFuture<Void> done, @Nullable RuntimeException failure) {
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }
}
