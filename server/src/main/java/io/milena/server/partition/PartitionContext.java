package io.milena.server.partition;

import io.milena.server.metrics.LogActivity;
import io.milena.server.strand.Timers;
import java.util.concurrent.Executor;

/**
 * What the partitions of a data folder share.
 *
 * @param flushThreads run what blocks until the disk has the records; how many there are is how many files are made durable at a time
 * @param background runs a partition while writing it takes long
 * @param timers wake partitions whose records waited for {@code flush.ms}
 * @param flushIntervalMs least time between two flushes for the sake of {@code flush.ms}
 * @param activity counts appends and flushes
 * @param disk where they lie
 */
public record PartitionContext(
        Executor flushThreads,
        Executor background,
        Timers timers,
        long flushIntervalMs,
        LogActivity activity,
        PartitionDisk disk) {
    /** The same on another disk. */
    PartitionContext on(PartitionDisk other) {
        return new PartitionContext(flushThreads, background, timers, flushIntervalMs, activity, other);
    }
}
