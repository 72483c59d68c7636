package io.milena.server.partition;

import org.jspecify.annotations.Nullable;

/** The watches of one partition, oldest first; adding and removing cost the same however many there are. Owned by its strand. */
final class WatchList {
    private @Nullable PartitionWatch first;
    private @Nullable PartitionWatch last;

    /** Adds the watch at the end, unless it is there already. */
    void add(PartitionWatch watch) {
        if (watch.isListed) {
            return;
        }
        watch.isListed = true;
        watch.previous = last;
        if (last == null) {
            first = watch;
        } else {
            last.next = watch;
        }
        last = watch;
    }

    /** Takes the watch out, if it is there. */
    void remove(PartitionWatch watch) {
        if (!watch.isListed) {
            return;
        }
        PartitionWatch before = watch.previous;
        PartitionWatch after = watch.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        watch.previous = null;
        watch.next = null;
        watch.isListed = false;
    }

    boolean isEmpty() {
        return first == null;
    }

    void advanced(Partition partition, long bytes) {
        for (PartitionWatch watch = first; watch != null; watch = watch.next) {
            watch.advanced(partition, bytes);
        }
    }

    void changed(Partition partition) {
        for (PartitionWatch watch = first; watch != null; watch = watch.next) {
            watch.changed(partition);
        }
    }
}
