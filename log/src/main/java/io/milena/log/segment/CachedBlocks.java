package io.milena.log.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * Which blocks of one file were touched lately: one byte for each MiB, none for a file that nobody touched. Written without a
 * lock by whoever touches the file; a mark that is lost to another thread costs one read in the background.
 */
final class CachedBlocks {
    private static final int BLOCK_BITS = 20;
    static final int BLOCK_BYTES = 1 << BLOCK_BITS;

    /** Appended bytes that a file collects before it reports them to all. */
    private static final int REPORTED_BYTES = 64 * 1024;

    private static final byte[] NONE = {};

    private final PageCache cache;
    private volatile byte[] marks = NONE;
    private int unreported;

    CachedBlocks(PageCache cache) {
        this.cache = cache;
    }

    /** Notes bytes that were appended; for the owner of the file. */
    void appended(long from, long to) {
        unreported += (int) (to - from);
        if (unreported >= REPORTED_BYTES) {
            cache.passed(unreported);
            unreported = 0;
        }
        touch(from, to);
    }

    /** Notes whole blocks that were read, perhaps from the disk. */
    void read(long from, long to) {
        cache.passed(to - from);
        touch(from, to);
    }

    private void touch(long from, long to) {
        int last = block(to - 1);
        byte[] known = marks;
        if (last >= known.length) {
            known = Arrays.copyOf(known, last + 1);
            marks = known;
        }
        byte mark = cache.mark();
        for (int block = block(from); block <= last; block++) {
            known[block] = mark;
        }
    }

    /** How far everything from a position on is likely to be in memory, at most up to another one. */
    long cachedUpTo(long from, long to) {
        byte[] known = marks;
        int block = block(from);
        while (block < known.length && start(block) < to && cache.isRecent(known[block])) {
            block++;
        }
        return Math.max(from, Math.min(to, start(block)));
    }

    /** Reads the blocks around a range from the file, but for those that are cached. Blocks on the disk. */
    void bringIn(FileChannel file, long from, long to) throws IOException {
        long end = Math.min(file.size(), to);
        long at = from - from % BLOCK_BYTES;
        if (cachedUpTo(at, end) >= end) {
            return;
        }
        try (WritableByteChannel nowhere = Nowhere.open()) {
            while (at < end) {
                long blockEnd = at + BLOCK_BYTES;
                if (cachedUpTo(at, blockEnd) < blockEnd) {
                    readThrough(file, at, blockEnd, nowhere);
                    read(at, blockEnd);
                }
                at = blockEnd;
            }
        }
    }

    private static void readThrough(FileChannel file, long from, long to, WritableByteChannel nowhere)
            throws IOException {
        long at = from;
        long count = 1;
        while (at < to && count > 0) { // 0 at the end of a file that got shorter
            count = file.transferTo(at, to - at, nowhere);
            at += count;
        }
    }

    private static long start(int block) {
        return (long) block << BLOCK_BITS;
    }

    private static int block(long position) {
        return (int) (position >> BLOCK_BITS);
    }
}
