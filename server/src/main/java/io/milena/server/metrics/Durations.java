package io.milena.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often something happened and how long it took. Read by any thread, which may see a duration in one number and not yet in
 * another. {@link #add} is for many writers; {@link #addAlone} costs no more than a plain write, and is for one at a time.
 */
public final class Durations {
    private static final int NANOS = DurationBuckets.COUNT;

    private final AtomicLongArray cells = new AtomicLongArray(DurationBuckets.COUNT + 1);

    /** Counts a duration; any thread. */
    public void add(long nanos) {
        cells.getAndIncrement(DurationBuckets.of(nanos));
        cells.getAndAdd(NANOS, nanos);
    }

    /** Counts a duration; by one thread at a time. */
    public void addAlone(long nanos) {
        int bucket = DurationBuckets.of(nanos);
        cells.setOpaque(bucket, cells.getPlain(bucket) + 1);
        cells.setOpaque(NANOS, cells.getPlain(NANOS) + nanos);
    }

    /** How many durations lie in a bucket of {@link DurationBuckets}. */
    public long count(int bucket) {
        return cells.getOpaque(bucket);
    }

    /** How many durations there are. */
    public long count() {
        long count = 0;
        for (int bucket = 0; bucket < DurationBuckets.COUNT; bucket++) {
            count += count(bucket);
        }
        return count;
    }

    /** All of them together. */
    public long nanos() {
        return cells.getOpaque(NANOS);
    }
}
