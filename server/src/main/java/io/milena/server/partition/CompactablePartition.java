package io.milena.server.partition;

import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.Compactable;
import io.milena.log.clean.Compaction;
import io.milena.log.clean.Dirt;
import java.util.Optional;

/** A partition as compaction sees it. Nothing above the last stable offset is compacted, on leaders and followers alike. */
record CompactablePartition(Partition partition) implements Compactable {
    @Override
    public Optional<Dirt> dirt() {
        return partition.log().dirt(partition.lastStableOffset());
    }

    @Override
    public double minDirtyRatio() {
        return partition.settings().log().minCleanableDirtyRatio();
    }

    @Override
    public void asOwner(Runnable task) {
        partition.strand().execute(task);
    }

    @Override
    public Optional<Compaction> compaction(Dirt dirt, CleanerSettings settings) {
        return partition.log().compaction(dirt, partition.highWatermark(), settings);
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
