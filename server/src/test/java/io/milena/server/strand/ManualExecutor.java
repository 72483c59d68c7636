package io.milena.server.strand;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** A home executor for tests in one thread: keeps tasks until {@link #runAll} runs them. */
public final class ManualExecutor implements Executor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs the oldest task; false if there is none. */
    public boolean runNext() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /** Runs tasks, also those that tasks add, until none is left. */
    public void runAll() {
        boolean ran = true;
        while (ran) {
            ran = runNext();
        }
    }

    /** How many tasks wait. */
    public int waiting() {
        return tasks.size();
    }
}
