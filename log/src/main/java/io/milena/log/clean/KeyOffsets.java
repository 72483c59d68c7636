package io.milena.log.clean;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * The newest offset of each key of a stretch of log, in a bounded amount of memory. A key is known by 128 bits of a salted
 * digest only, so that nobody can make two keys pass for one. Starts small and grows up to its limit. Used by one thread
 * at a time.
 *
 * <pre>
 *   slot:  digest 16 bytes | offset + 1, 0 if the slot is free
 * </pre>
 */
final class KeyOffsets {
    /** Memory that one key takes, in bytes. */
    static final int ENTRY_BYTES = 24;
    /** Most memory one map may take, in bytes. */
    static final long MAX_BYTES = 4L << 30;

    private static final int WORDS = ENTRY_BYTES / Long.BYTES;
    private static final int INITIAL_SLOTS = 1024;
    private static final int SALT_BYTES = 16;
    // Fuller than this, searches become long, so only a map that cannot grow gets fuller.
    private static final double GROW_AT = 0.7;

    private final MessageDigest digest = md5();
    private final byte[] salt = new byte[SALT_BYTES];
    private int maxSlots;
    private final double loadFactor;
    private long[] table;
    private int slots;
    private int size;

    /**
     * An empty map.
     *
     * @param maxBytes most memory it may take; room for two keys at least
     * @param loadFactor how full it may get then, above 0, at most 1
     */
    KeyOffsets(long maxBytes, double loadFactor) {
        new SecureRandom().nextBytes(salt);
        this.maxSlots = (int) Math.max(4, Math.min(MAX_BYTES, maxBytes) / ENTRY_BYTES);
        this.loadFactor = loadFactor;
        this.slots = Math.min(INITIAL_SLOTS, maxSlots);
        this.table = new long[slots * WORDS];
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    /**
     * Notes the offset of a key, which is newer than the one it had.
     *
     * @return false if the map is full; nothing is noted then
     */
    boolean put(ByteBuffer key, long offset) {
        if (size >= limit() && !grow()) {
            return false;
        }
        ByteBuffer hash = hash(key);
        long first = hash.getLong(0);
        long second = hash.getLong(Long.BYTES);
        int at = find(first, second);
        if (table[at + 2] == 0) {
            size++;
        }
        set(at, first, second, offset + 1);
        return true;
    }

    /** The newest offset of a key, or -1. */
    long get(ByteBuffer key) {
        ByteBuffer hash = hash(key);
        return table[find(hash.getLong(0), hash.getLong(Long.BYTES)) + 2] - 1;
    }

    /** Number of keys. */
    int size() {
        return size;
    }

    /** Memory it takes now. */
    long sizeInBytes() {
        return (long) slots * ENTRY_BYTES;
    }

    private int limit() {
        double part = slots < maxSlots ? Math.min(GROW_AT, loadFactor) : loadFactor;
        // One slot stays free in any case, at which a search for an unknown key ends.
        return Math.max(2, Math.min(slots - 1, (int) (slots * part)));
    }

    private boolean grow() {
        if (slots == maxSlots) {
            return false;
        }
        long[] old = table;
        int more = (int) Math.min(maxSlots, 2L * slots);
        try {
            table = new long[more * WORDS];
        } catch (OutOfMemoryError e) {
            // The heap is smaller than the limit. A cleaning can also end here and leave the rest to the next one.
            maxSlots = slots;
            return size < limit();
        }
        slots = more;
        for (int i = 0; i < old.length; i += WORDS) {
            if (old[i + 2] != 0) {
                set(find(old[i], old[i + 1]), old[i], old[i + 1], old[i + 2]);
            }
        }
        return size < limit();
    }

    /** Where a digest is, or the free slot in which it belongs. */
    private int find(long first, long second) {
        int slot = (int) (((first >>> 32) * slots) >>> 32);
        int at = slot * WORDS;
        while (table[at + 2] != 0 && (table[at] != first || table[at + 1] != second)) {
            at = at + WORDS == table.length ? 0 : at + WORDS;
        }
        return at;
    }

    private void set(int at, long first, long second, long value) {
        table[at] = first;
        table[at + 1] = second;
        table[at + 2] = value;
    }

    private ByteBuffer hash(ByteBuffer key) {
        digest.update(salt);
        digest.update(key.duplicate());
        return ByteBuffer.wrap(digest.digest());
    }
}
