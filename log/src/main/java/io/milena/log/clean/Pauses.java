package io.milena.log.clean;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** Tasks that wait for their time, unless they are woken before it. Any thread. */
final class Pauses {
    private final CompactionSchedule.Delay delay;
    private final Executor executor;
    // Guarded by this.
    private final Set<Pause> pauses = new HashSet<>();
    private boolean over;

    /** @param executor runs the tasks when they have waited */
    Pauses(CompactionSchedule.Delay delay, Executor executor) {
        this.delay = delay;
        this.executor = executor;
    }

    private final class Pause {
        private final Runnable task;

        Pause(Runnable task) {
            this.task = task;
        }

        void end() {
            synchronized (Pauses.this) {
                if (!pauses.remove(this)) {
                    return;
                }
            }
            executor.execute(task);
        }
    }

    /** Runs a task once: after a time, or when it is woken. */
    void after(long ms, Runnable task) {
        Pause pause = new Pause(task);
        boolean atOnce;
        synchronized (this) {
            pauses.add(pause);
            atOnce = over;
        }
        if (atOnce) {
            pause.end();
        } else {
            delay.after(ms, pause::end);
        }
    }

    /** Lets all tasks run that wait now. */
    void wake() {
        List<Pause> waiting;
        synchronized (this) {
            waiting = List.copyOf(pauses);
        }
        waiting.forEach(Pause::end);
    }

    /** Lets all tasks run that wait now, and those to come at once. */
    void close() {
        synchronized (this) {
            over = true;
        }
        wake();
    }
}
