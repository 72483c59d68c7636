package io.milena.server.partition;

import io.milena.log.LogContext;
import io.milena.log.LogDirectory;
import io.milena.log.PartitionLog;
import io.milena.server.storage.DataFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** One data folder as a place for partitions: counts them and keeps the folder's notes about them. May block on the disk. */
final class FolderContents implements PartitionDisk {
    private final DataFolder folder;
    private final LogDirectory directory;
    private final LogContext context;
    private final PartitionContext shared;
    private final Consumer<DataFolder> suspects;
    private final AtomicInteger count = new AtomicInteger();

    /** As noted before the start. */
    private final Map<String, Long> highWatermarks;

    /** What was noted last; for whoever notes, one at a time. */
    private Map<String, Progress> noted = Map.of();

    private record Progress(long recoveryPoint, long logStartOffset, long highWatermark) {}

    /** @param suspects told of the folder when a partition in it failed */
    FolderContents(
            DataFolder folder,
            LogContext context,
            Function<PartitionDisk, PartitionContext> shared,
            Consumer<DataFolder> suspects) {
        this.folder = folder;
        this.directory = folder.directory();
        this.context = context;
        this.suspects = suspects;
        this.shared = shared.apply(this);
        this.highWatermarks = directory.highWatermarks();
    }

    @Override
    public DataFolder folder() {
        return folder;
    }

    @Override
    public boolean isFull(IOException failure) {
        return folder.isFull(failure);
    }

    @Override
    public boolean hasRoom() {
        return folder.hasRoom();
    }

    @Override
    public void failed(Partition partition) {
        suspects.accept(folder);
    }

    LogDirectory directory() {
        return directory;
    }

    /** Where the folder of a partition is. */
    Path pathOf(String partition) {
        return folder.path().resolve(partition);
    }

    LogContext context() {
        return context;
    }

    /** What its partitions share. */
    PartitionContext shared() {
        return shared;
    }

    /** How many partitions it has, or will have in a moment. Any thread. */
    int count() {
        return count.get();
    }

    void added() {
        count.incrementAndGet();
    }

    void removed() {
        count.decrementAndGet();
    }

    /** The high watermark of a partition as noted before the start, or 0. */
    long notedHighWatermark(String partition) {
        return highWatermarks.getOrDefault(partition, 0L);
    }

    /** Notes how far its logs are durable, where they start and what is committed, unless nothing moved. */
    synchronized void checkpoint(Collection<Partition> partitions) {
        Map<String, Progress> now = new HashMap<>();
        Map<String, Long> committed = new HashMap<>();
        for (Partition partition : partitions) {
            long highWatermark = partition.highWatermark();
            committed.put(partition.toString(), highWatermark);
            now.put(
                    partition.toString(),
                    new Progress(partition.log().recoveryPoint(), partition.logStartOffset(), highWatermark));
        }
        if (!now.equals(noted)) {
            directory.checkpoint(logs(partitions));
            directory.checkpointHighWatermarks(committed);
            noted = now;
        }
    }

    /** Notes that all its logs were closed. */
    void closed(Collection<Partition> partitions) {
        checkpoint(partitions);
        directory.markClean(logs(partitions));
    }

    private static List<PartitionLog> logs(Collection<Partition> partitions) {
        List<PartitionLog> logs = new ArrayList<>(partitions.size());
        for (Partition partition : partitions) {
            logs.add(partition.log());
        }
        return logs;
    }
}
