package io.milena.compat.history;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** That one process had one partition of its group, from one time to another. */
final class Ownership {

    private static final long OPEN = Long.MAX_VALUE;
    /** So long after it was held up, a member may not know yet what it missed. */
    private static final long UNAWARE_NANOS = 25_000_000_000L;

    final String process;
    final TopicPartition partition;
    final long startNanos;
    final NavigableSet<Long> offsets = new TreeSet<>();
    /** When it was given up, or when its process might no longer notice that it was lost. */
    private long endNanos = OPEN;

    private boolean unaware;

    Ownership(Event assigned) {
        process = assigned.process();
        partition = assigned.partition(0);
        startNanos = assigned.number(2);
    }

    void end(long nanos) {
        if (nanos >= startNanos) {
            endNanos = Math.min(endNanos, nanos);
        }
    }

    /** Its process was held up then. */
    void hold(long nanos) {
        end(nanos);
        unaware |= startNanos >= nanos && startNanos - nanos < UNAWARE_NANOS;
    }

    /** Whether the group may have taken the partition away before its process learned that it had it. */
    boolean isUnaware() {
        return unaware;
    }

    long endNanos() {
        return endNanos;
    }

    @Override
    public String toString() {
        String end = endNanos == OPEN ? "the end" : Long.toString(endNanos);
        return process + " owning " + partition + " from " + startNanos + " to " + end;
    }
}
