package io.milena.log.segment;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What can be known of the system's page cache: how much went through it. Java cannot ask whether a page is there, so a stretch of
 * a file counts as cached until so many other bytes were written or read that it may have been pushed out. Time is counted in
 * generations, of which the newest two count. Shared by all files of a broker, used by any thread.
 *
 * <pre>
 *   generation:   7       8       9  (newest)
 *               ------|-------|----        each as long as half of the cache
 *               gone     may be read without waiting
 * </pre>
 */
public final class PageCache {
    /** Bytes of the page cache that are taken to be this broker's, unless stated otherwise. */
    public static final long DEFAULT_BYTES = 1L << 30;

    /** The mark of what was never touched. */
    static final byte NEVER = 0;

    private static final int GENERATIONS = 127;

    private final long generationBytes;
    private final AtomicLong passed = new AtomicLong();

    /** @param sizeInBytes how much of what was touched last is taken to be in memory still */
    public PageCache(long sizeInBytes) {
        generationBytes = Math.max(1, sizeInBytes / 2);
    }

    /** Notes that bytes were written, or read from the disk. */
    void passed(long bytes) {
        passed.addAndGet(bytes);
    }

    /** The mark of what is touched now. */
    byte mark() {
        return mark(passed.get() / generationBytes);
    }

    /** Whether what was marked so is likely to be in memory. */
    boolean isRecent(byte mark) {
        if (mark == NEVER) {
            return false;
        }
        long generation = passed.get() / generationBytes;
        return mark == mark(generation) || mark == mark(generation + GENERATIONS - 1);
    }

    private static byte mark(long generation) {
        return (byte) (1 + generation % GENERATIONS);
    }
}
