package io.milena.server.partition.session;

import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionWatch;

/** Marks one partition of a session dirty, and wakes the session's fetch if it waits for what came. */
final class SessionWatch extends PartitionWatch {
    private final FetchSession session;
    private final SessionPartition partition;
    private final long seenStableOffset;
    private final long seenHighWatermark;
    private final long seenLogEndOffset;

    /** A watch that is made after a look at the partition which found the given offsets. */
    SessionWatch(
            FetchSession session,
            SessionPartition partition,
            long seenStableOffset,
            long seenHighWatermark,
            long seenLogEndOffset) {
        this.session = session;
        this.partition = partition;
        this.seenStableOffset = seenStableOffset;
        this.seenHighWatermark = seenHighWatermark;
        this.seenLogEndOffset = seenLogEndOffset;
    }

    @Override
    protected void listed(Partition watched) {
        if (watched.isClosed()) {
            changed(watched);
        } else if (hasMoved(watched)) {
            advanced(watched, Long.MAX_VALUE);
        }
    }

    @Override
    protected void advanced(Partition watched, long bytes) {
        session.markDirty(partition);
        PendingFetch parked = session.parked();
        if (parked != null) {
            parked.advanced(partition, parked.terms().readableEnd(watched), bytes);
        }
    }

    @Override
    protected void changed(Partition watched) {
        session.lookAgain(partition);
    }

    private boolean hasMoved(Partition watched) {
        return watched.lastStableOffset() != seenStableOffset
                || watched.highWatermark() != seenHighWatermark
                || watched.logEndOffset() != seenLogEndOffset;
    }
}
