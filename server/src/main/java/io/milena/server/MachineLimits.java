package io.milena.server;

import io.milena.log.segment.OpenFiles;
import io.milena.log.segment.PageCache;
import io.milena.server.config.ConnectionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the machine gives this process, and what follows from it for the broker. Everything is computed once, at the start, so that a
 * limit is met by a refusal and not by a crash.
 *
 * <pre>
 *   descriptors:  | reserved | kept open | on lease | connections ............ |
 * </pre>
 *
 * @param openFiles descriptors this process may have open, of files and of connections together
 * @param maps areas of memory the process may have; the broker maps no files, the JVM needs a few hundred
 * @param memoryBytes that other processes and the system do not need at the moment, and that a container is allowed
 * @param heapBytes most the JVM gives to objects
 * @param freeDiskBytes in all data folders together
 */
record MachineLimits(long openFiles, long maps, long memoryBytes, long heapBytes, long freeDiskBytes) {
    private static final Logger LOG = LoggerFactory.getLogger(MachineLimits.class);

    /** Descriptors for the JVM, the network loops, the checkpoints and whatever is open for a moment only. */
    static final int RESERVED_FILES = 64;

    private static final int MIN_FILES = 16;

    /** Most of the descriptors, in parts of one. */
    private static final int FILES_SHARE = 4;

    /** What an empty partition costs, with room to spare: about 3 KB were measured, and some use more. */
    private static final long HEAP_BYTES_PER_PARTITION = 8 * 1024;

    /** A folder, its metadata and two files, in blocks of the file system. */
    private static final long DISK_BYTES_PER_PARTITION = 16 * 1024;

    private static final long MIN_PAGE_CACHE_BYTES = 64L << 20;
    private static final long MIN_MAPS = 4096;
    private static final long UNKNOWN_OPEN_FILES = 4096;
    private static final long UNKNOWN_MEMORY_BYTES = 2L << 30;

    /** Asks the system; what it does not tell is taken to be as on a small machine. */
    static MachineLimits of(Collection<Path> dataFolders) {
        long heap = Runtime.getRuntime().maxMemory();
        long available =
                SystemFiles.number(Path.of("/proc/meminfo"), "MemAvailable:", UNKNOWN_MEMORY_BYTES / 1024) * 1024;
        long allowed = new MemoryLimit(Path.of("/")).bytes();
        return new MachineLimits(
                SystemFiles.number(Path.of("/proc/self/limits"), "Max open files", UNKNOWN_OPEN_FILES),
                SystemFiles.number(Path.of("/proc/sys/vm/max_map_count"), "", MIN_MAPS),
                Math.max(0, Math.min(available, allowed) - heap),
                heap,
                freeDisk(dataFolders));
    }

    /** Data files kept open while nobody reads them. */
    int keptFiles() {
        return (int) Math.max(MIN_FILES, Math.min(OpenFiles.DEFAULT_MAX_HANDLES, usableFiles() / FILES_SHARE));
    }

    /** Data files that may be on lease at a time, to be sent, beside those kept open. */
    int leasedFiles() {
        return (int) Math.max(MIN_FILES, Math.min(OpenFiles.DEFAULT_MAX_HANDLES, usableFiles() / FILES_SHARE));
    }

    /** Connections that leave enough descriptors for the data. */
    int connections() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, usableFiles() - keptFiles() - leasedFiles()));
    }

    /** Partitions that fit into half of the heap, and into the free disk. */
    long partitions() {
        return Math.min(heapBytes / 2 / HEAP_BYTES_PER_PARTITION, freeDiskBytes / DISK_BYTES_PER_PARTITION);
    }

    /** How much of the files touched last is taken to be in memory. */
    long pageCacheBytes() {
        return Math.max(MIN_PAGE_CACHE_BYTES, memoryBytes / 2);
    }

    /** The caches of files within these limits. */
    OpenFiles openFiles(Executor background) {
        return new OpenFiles(
                keptFiles(),
                leasedFiles(),
                OpenFiles.DEFAULT_MAX_INDEX_BYTES,
                new PageCache(pageCacheBytes()),
                background);
    }

    /** The number of connections that is allowed: what the settings say, if the machine allows as many. */
    int connections(ConnectionSettings settings) {
        return Math.min(settings.maxConnections(), connections());
    }

    /** Says what is possible here, and warns of settings and partitions that are too much. */
    void report(ConnectionSettings settings, int partitionsFound) {
        LOG.info(
                "limits: openFiles={} connections={} dataFilesKeptOpen={} dataFilesOnLease={} partitions={} pageCacheMiB={} maps={}",
                openFiles,
                connections(),
                keptFiles(),
                leasedFiles(),
                partitions(),
                pageCacheBytes() >> 20,
                maps);
        int wanted = settings.maxConnections();
        if (wanted != Integer.MAX_VALUE && wanted > connections()) {
            LOG.warn(
                    "max.connections is more than the limit of open files allows: max.connections={} possible={} openFiles={}",
                    wanted,
                    connections(),
                    openFiles);
        }
        if (openFiles < RESERVED_FILES + 3 * MIN_FILES) {
            LOG.warn("the limit of open files is too low for any load: openFiles={} (see ulimit -n)", openFiles);
        }
        if (maps < MIN_MAPS) {
            LOG.warn("vm.max_map_count is too low for the JVM: maps={} wanted={}", maps, MIN_MAPS);
        }
        if (partitionsFound > partitions()) {
            LOG.warn(
                    "more partitions than the heap and the disk have room for: partitions={} possible={} heapMiB={} freeDiskMiB={}",
                    partitionsFound,
                    partitions(),
                    heapBytes >> 20,
                    freeDiskBytes >> 20);
        }
    }

    private long usableFiles() {
        return Math.max(0, openFiles - RESERVED_FILES);
    }

    private static long freeDisk(Collection<Path> folders) {
        long free = 0;
        for (Path folder : folders) {
            try {
                free += Files.getFileStore(folder).getUsableSpace();
            } catch (IOException e) {
                LOG.debug("no free disk known: folder={} reason={}", folder, e.getMessage());
            }
        }
        return free;
    }
}
