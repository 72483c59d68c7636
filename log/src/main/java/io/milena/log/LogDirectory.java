package io.milena.log;

import io.milena.log.recovery.AtomicFile;
import io.milena.log.segment.OpenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which a broker keeps its partitions, laid out as Kafka does it: one folder for each partition, a lock, the
 * mark of a clean shutdown, {@code meta.properties} and a few checkpoints. One process at a time owns it. Any thread.
 */
public final class LogDirectory implements LogContext.Checkpoints, AutoCloseable {
    private static final String LOCK = ".lock";
    private static final String CLEAN_MARK = ".kafka_cleanshutdown";
    private static final String CLEAN_MARK_TEXT = "{\"version\":0,\"brokerEpoch\":-1}";

    private final Path path;
    private final FileChannel lock;
    private final boolean cleanShutdown;
    private final OffsetCheckpoint recoveryPoints;
    private final OffsetCheckpoint logStartOffsets;
    private final OffsetCheckpoint highWatermarks;
    private final OffsetCheckpoint firstDirtyOffsets;
    private final List<Damage> foundAtOpening = new ArrayList<>();

    private LogDirectory(Path path, FileChannel lock) throws IOException {
        this.path = path;
        this.lock = lock;
        this.recoveryPoints =
                new OffsetCheckpoint(path.resolve("recovery-point-offset-checkpoint"), foundAtOpening::add);
        this.logStartOffsets = new OffsetCheckpoint(path.resolve("log-start-offset-checkpoint"), foundAtOpening::add);
        this.highWatermarks = new OffsetCheckpoint(path.resolve("replication-offset-checkpoint"), foundAtOpening::add);
        this.firstDirtyOffsets = new OffsetCheckpoint(path.resolve("cleaner-offset-checkpoint"), foundAtOpening::add);
        // Gone before any log is opened: if this start does not come to a clean end, the next one must look closer.
        this.cleanShutdown = Files.deleteIfExists(path.resolve(CLEAN_MARK));
        AtomicFile.forceDirectory(path);
    }

    /**
     * Takes possession of a folder, which is created if absent.
     *
     * @throws DirectoryInUseException if another broker has it
     * @throws LogException {@link LogError#STORAGE_ERROR} if the disk fails
     */
    public static LogDirectory open(Path path) {
        FileChannel lock = null;
        LogDirectory opened = null;
        try {
            AtomicFile.createDirectories(path);
            lock = lock(path);
            opened = new LogDirectory(path, lock);
            return opened;
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot open " + path + ": " + e.getMessage(), e);
        } finally {
            if (opened == null) {
                closeQuietly(lock);
            }
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new DirectoryInUseException(path, "another broker in this process");
        } finally {
            if (lock == null) {
                closeQuietly(channel);
            }
        }
        if (lock == null) {
            throw new DirectoryInUseException(path, "another broker");
        }
        return channel;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot close a lock", e);
        }
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** What logs of this folder share. */
    public LogContext context(Clock clock, Executor background, OpenFiles openFiles) {
        return context(clock, background, openFiles, new DamageLog());
    }

    /** The same, with somebody who is told of damage; of that to the checkpoints at once. */
    public LogContext context(Clock clock, Executor background, OpenFiles openFiles, Damage.Listener damage) {
        foundAtOpening.forEach(damage::found);
        return new LogContext(clock, background, openFiles, this, damage);
    }

    /** Whose folder it is, unless it is a new one. */
    public Optional<DirectoryProperties> properties() {
        return onDisk("read meta.properties", () -> DirectoryProperties.read(path));
    }

    /** Writes down whose folder it is. */
    public void properties(DirectoryProperties properties) {
        onDisk("write meta.properties", () -> {
            properties.write(path);
            return properties;
        });
    }

    @Override
    public boolean cleanShutdown() {
        return cleanShutdown;
    }

    @Override
    public synchronized long recoveryPoint(Path partitionFolder) {
        return recoveryPoints.offset(partitionFolder.getFileName().toString());
    }

    @Override
    public synchronized void recoveryPointAtMost(Path partitionFolder, long offset) {
        String name = partitionFolder.getFileName().toString();
        if (recoveryPoints.offset(name) > offset) {
            onDisk("write recovery points", () -> {
                recoveryPoints.put(name, offset);
                return offset;
            });
        }
    }

    @Override
    public synchronized long logStartOffset(Path partitionFolder) {
        return logStartOffsets.offset(partitionFolder.getFileName().toString());
    }

    @Override
    public synchronized void logStartOffset(Path partitionFolder, LongSupplier offset) {
        String name = partitionFolder.getFileName().toString();
        long now = offset.getAsLong();
        if (logStartOffsets.offset(name) != now) {
            onDisk("write log start offsets", () -> {
                logStartOffsets.put(name, now);
                return now;
            });
        }
    }

    @Override
    public synchronized long firstDirtyOffset(Path partitionFolder) {
        return firstDirtyOffsets.offset(partitionFolder.getFileName().toString());
    }

    @Override
    public synchronized void firstDirtyOffset(Path partitionFolder, long offset) {
        onDisk("write cleaner offsets", () -> {
            firstDirtyOffsets.put(partitionFolder.getFileName().toString(), offset);
            return offset;
        });
    }

    /** The high watermarks as noted last, by the name of the partition's folder. */
    public synchronized Map<String, Long> highWatermarks() {
        return highWatermarks.offsets();
    }

    /** The partitions whose folders are there. */
    public List<PartitionFolder> partitions() {
        return onDisk("list", () -> {
            List<PartitionFolder> found = new ArrayList<>();
            for (Path entry : entries()) {
                PartitionFolder.at(entry).ifPresent(found::add);
            }
            return found;
        });
    }

    /** Removes what is left of partitions that were deleted before the last stop. */
    public void removeDeleted(Executor background) {
        for (Path entry : onDisk("list", this::entries)) {
            if (entry.getFileName().toString().endsWith(DeletedFolder.SUFFIX)) {
                background.execute(() -> DeletedFolder.remove(entry));
            }
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> listed = Files.list(path)) {
            return listed.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Writes down whose the folder of a partition is, where it does not say so itself. What was noted about it stays. */
    public PartitionFolder claim(String topic, int partition, UUID topicId) {
        return onDisk("claim a partition", () -> PartitionFolder.create(path, topic, partition, topicId));
    }

    /** Creates the folder of a new partition. What was noted about an earlier one of the same name is forgotten. */
    public PartitionFolder create(String topic, int partition, UUID topicId) {
        return onDisk("create a partition", () -> {
            forget(topic + "-" + partition);
            return PartitionFolder.create(path, topic, partition, topicId);
        });
    }

    /** Makes what is noted durably about a partition right for a log that is to lie here in a moment. */
    synchronized void expect(String name, long logStartOffset, long firstDirtyOffset) throws IOException {
        forget(name);
        if (logStartOffset > 0) {
            logStartOffsets.put(name, logStartOffset);
        }
        if (firstDirtyOffset > logStartOffset) {
            firstDirtyOffsets.put(name, firstDirtyOffset);
        }
    }

    /** The folders of copies of partitions that were to take their place, of partitions whose names they begin with. */
    public List<FutureFolder> futures() {
        List<FutureFolder> found = new ArrayList<>();
        for (Path entry : onDisk("list", this::entries)) {
            FutureFolder.at(entry).ifPresent(found::add);
        }
        return found;
    }

    private synchronized void forget(String name) throws IOException {
        recoveryPoints.remove(name);
        logStartOffsets.remove(name);
        highWatermarks.remove(name);
        firstDirtyOffsets.remove(name);
    }

    /**
     * Notes how far all logs of the folder are durable and compacted, and where they start. Wanted now and then, and
     * before the end.
     */
    public synchronized void checkpoint(Collection<PartitionLog> logs) {
        Map<String, Long> durable = new HashMap<>();
        Map<String, Long> starts = new HashMap<>();
        Map<String, Long> dirty = new HashMap<>();
        for (PartitionLog log : logs) {
            String name = log.directory().getFileName().toString();
            durable.put(name, log.recoveryPoint());
            if (log.logStartOffset() > 0) {
                starts.put(name, log.logStartOffset());
            }
            if (log.settings().compacts() && log.firstDirtyOffset() > log.logStartOffset()) {
                dirty.put(name, log.firstDirtyOffset());
            }
        }
        onDisk("write checkpoints", () -> {
            recoveryPoints.write(durable);
            logStartOffsets.write(starts);
            if (!dirty.equals(firstDirtyOffsets.offsets())) {
                firstDirtyOffsets.write(dirty);
            }
            return durable;
        });
    }

    /** Notes the high watermarks of all partitions of the folder, by the names of their folders. */
    public synchronized void checkpointHighWatermarks(Map<String, Long> offsets) {
        onDisk("write high watermarks", () -> {
            highWatermarks.write(offsets);
            return offsets;
        });
    }

    /** Notes that all these logs were closed, so that the next start need not check them; unless one of them failed. */
    public void markClean(Collection<PartitionLog> closedLogs) {
        checkpoint(closedLogs);
        if (closedLogs.stream().noneMatch(PartitionLog::isFailed)) {
            onDisk("write " + CLEAN_MARK, () -> {
                AtomicFile.write(path.resolve(CLEAN_MARK), CLEAN_MARK_TEXT);
                return path;
            });
        }
    }

    /** Gives the folder free for others. */
    @Override
    public void close() {
        closeQuietly(lock);
    }

    private interface DiskWork<T> {
        T run() throws IOException;
    }

    private <T> T onDisk(String what, DiskWork<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot " + what + " in " + path, e);
        }
    }
}
