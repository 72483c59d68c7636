package io.milena.log.clean;

import java.util.Optional;

/** A log as the {@link CompactionSchedule} sees it; equal to itself, and to no other, as long as the log is open. */
public interface Compactable {
    /**
     * How dirty it is; empty if it is not to be compacted, or closed. Asked on a background thread.
     *
     * @throws io.milena.log.LogException if the disk fails
     */
    Optional<Dirt> dirt();

    /** The dirty share above which it is cleaned, {@code min.cleanable.dirty.ratio}. Any thread. */
    double minDirtyRatio();

    /** Runs a task as the owner of the log, now or later. Any thread. */
    void asOwner(Runnable task);

    /** Begins to clean what was looked at; empty if there is nothing left to clean. Called as the owner. */
    Optional<Compaction> compaction(Dirt dirt, CleanerSettings settings);
}
