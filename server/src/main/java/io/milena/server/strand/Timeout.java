package io.milena.server.strand;

/** A task waiting for its time; made by {@link Timers#schedule}. May be used from any thread. */
public interface Timeout {
    /**
     * Stops the task from running.
     *
     * @return false if it ran, began to run or was cancelled before
     */
    boolean cancel();
}
