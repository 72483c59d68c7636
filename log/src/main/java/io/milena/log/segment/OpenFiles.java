package io.milena.log.segment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the logs of a broker share: a bounded number of open file handles and a bounded amount of loaded indexes, least
 * recently used out first. A handle that leaves the cache is closed by its last lease. Used by any thread.
 */
public final class OpenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

    /** Handles kept open unless stated otherwise. */
    public static final int DEFAULT_MAX_HANDLES = 4096;
    /** Handles on lease beyond which readers of much take less, unless stated otherwise. */
    public static final int DEFAULT_MAX_LEASES = 4096;
    /** Bytes of sealed segments' indexes kept unless stated otherwise. */
    public static final long DEFAULT_MAX_INDEX_BYTES = 64L << 20;
    /** Size of the buffer in which a thread looks for batch boundaries. */
    static final int LOOKUP_BUFFER_BYTES = 8 * 1024;
    /** Size of the buffer through which a thread reads whole files. */
    static final int BULK_BUFFER_BYTES = 128 * 1024;

    private final Cache<SegmentFile, Boolean> handles;
    private final Cache<Segment, SegmentIndexes> indexes;
    private final int maxLeases;
    private final PageCache pageCache;
    private final Reserve.Rule reserveRule;
    private final ByteBuffer zeros;
    private final LongAdder leases = new LongAdder();
    private final ThreadLocal<ByteBuffer> lookupBuffers =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(LOOKUP_BUFFER_BYTES));
    private final ThreadLocal<ByteBuffer> bulkBuffers =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BULK_BUFFER_BYTES));

    /**
     * Caches with the given limits.
     *
     * @param maxHandles handles open at the same time, those on lease not counted
     * @param maxLeases handles on lease beyond which {@link #isShort()} is true
     * @param maxIndexBytes bytes of loaded indexes
     * @param pageCache what is known of the system's memory of files
     * @param executor runs the upkeep of the loaded indexes
     */
    public OpenFiles(int maxHandles, int maxLeases, long maxIndexBytes, PageCache pageCache, Executor executor) {
        this(maxHandles, maxLeases, maxIndexBytes, pageCache, executor, Reserve.Rule.DEFAULT);
    }

    private OpenFiles(
            int maxHandles,
            int maxLeases,
            long maxIndexBytes,
            PageCache pageCache,
            Executor executor,
            Reserve.Rule reserveRule) {
        this.reserveRule = reserveRule;
        this.zeros = ByteBuffer.allocateDirect(reserveRule.bytes()).asReadOnlyBuffer();
        this.maxLeases = maxLeases;
        this.pageCache = pageCache;
        handles = Caffeine.newBuilder()
                .maximumSize(maxHandles)
                .executor(Runnable::run) // closed by whoever opens one more: later might be too late for the next one
                .<SegmentFile, Boolean>removalListener((file, value, cause) -> {
                    if (cause.wasEvicted() && file != null) {
                        file.evicted();
                    }
                })
                .build();
        indexes = Caffeine.newBuilder()
                .maximumWeight(maxIndexBytes)
                .weigher((Segment segment, SegmentIndexes loaded) -> loaded.sizeInBytes())
                .executor(executor)
                .build();
    }

    /** Caches with the given limits, and the default size of the page cache. */
    public OpenFiles(int maxHandles, long maxIndexBytes, Executor executor) {
        this(maxHandles, DEFAULT_MAX_LEASES, maxIndexBytes, new PageCache(PageCache.DEFAULT_BYTES), executor);
    }

    /** The same, for files that get zeros of a given length when they are forced often enough or large enough, see {@link Reserve}. */
    public static OpenFiles withReserve(
            int maxHandles, long maxIndexBytes, int reserveBytes, int forces, int busyBytes) {
        return new OpenFiles(
                maxHandles,
                DEFAULT_MAX_LEASES,
                maxIndexBytes,
                new PageCache(PageCache.DEFAULT_BYTES),
                Runnable::run,
                new Reserve.Rule(reserveBytes, forces, busyBytes));
    }

    /** Caches with the default limits. */
    public static OpenFiles withDefaults(Executor executor) {
        return new OpenFiles(DEFAULT_MAX_HANDLES, DEFAULT_MAX_INDEX_BYTES, executor);
    }

    /** Leases given out and not yet back. */
    public long leases() {
        return leases.sum();
    }

    /** Whether so many handles are on lease that nobody should take more than one. */
    public boolean isShort() {
        return leases.sum() >= maxLeases;
    }

    void leaseTaken() {
        leases.increment();
    }

    void leaseBack() {
        leases.decrement();
    }

    /** Notes a use of an open file, for the order in which handles leave. */
    void used(SegmentFile file) {
        if (handles.getIfPresent(file) == null) {
            handles.put(file, Boolean.TRUE);
        }
    }

    /** Closes all files that nobody has on lease, for the process may open no more. */
    void closeIdle() {
        LOG.warn(
                "event=files-closed cause=\"too many open files\" handles={} leases={}",
                handles.estimatedSize(),
                leases());
        handles.asMap().keySet().forEach(SegmentFile::evicted);
    }

    void closed(SegmentFile file) {
        handles.invalidate(file);
    }

    /** The indexes of a sealed segment, from memory or from its files. */
    SegmentIndexes indexes(Segment segment) throws IOException {
        try {
            return indexes.get(segment, unloaded -> {
                try {
                    return unloaded.loadIndexes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw new IOException("Cannot load the indexes of " + segment, e);
        }
    }

    /** The indexes of a sealed segment if they are in memory, else null. */
    @Nullable
    SegmentIndexes loadedIndexes(Segment segment) {
        return indexes.getIfPresent(segment);
    }

    PageCache pageCache() {
        return pageCache;
    }

    void keep(Segment segment, SegmentIndexes loaded) {
        indexes.put(segment, loaded);
    }

    void forget(Segment segment) {
        indexes.invalidate(segment);
    }

    Reserve.Rule reserveRule() {
        return reserveRule;
    }

    /** As many zeros as a reserve has; not to be moved in. */
    ByteBuffer zeros() {
        return zeros;
    }

    /** The calling thread's own buffer, of any content, for reading whole files. */
    ByteBuffer bulkBuffer() {
        return bulkBuffers.get();
    }

    /** The calling thread's own buffer, cleared, for looking at batch headers. */
    ByteBuffer lookupBuffer() {
        return lookupBuffers.get().clear();
    }
}
