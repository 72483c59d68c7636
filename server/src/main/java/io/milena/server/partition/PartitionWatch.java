package io.milena.server.partition;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants to know when there is something new in a partition. A watch is its own link in the list of the one partition
 * it watches. All calls run inside that partition's strand, must be short, and must not throw: they mark something or wake
 * somebody.
 */
public abstract class PartitionWatch {
    @Nullable
    PartitionWatch previous;

    @Nullable
    PartitionWatch next;

    boolean isListed;

    /** The watch is on the list now: time to look whether something moved before it was. */
    protected abstract void listed(Partition partition);

    /**
     * More records became readable: the high watermark or the last stable offset moved.
     *
     * @param bytes at least as many bytes as became readable; {@link Long#MAX_VALUE} when it is not known how many
     */
    protected abstract void advanced(Partition partition, long bytes);

    /** Something else changed: the log start, the role, or the partition is no longer here. */
    protected abstract void changed(Partition partition);
}
