package io.milena.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** The content of a file of a {@link SimulatedDisk}: what processes see, and what the disk holds. Guarded by the disk. */
final class SimulatedFile implements SimulatedNode {
    /** What a disk writes as a whole or not at all; smaller than in life, so that small tests meet torn pages. */
    static final int PAGE_BYTES = 512;

    long modifiedMs;
    private byte[] seen = {};
    private byte[] durable = {};
    // Pages that were written or cut since the last flush.
    private final BitSet unsynced = new BitSet();

    int size() {
        return seen.length;
    }

    int read(ByteBuffer target, long position) {
        if (position >= seen.length) {
            return -1;
        }
        int count = Math.min(target.remaining(), seen.length - (int) position);
        target.put(seen, (int) position, count);
        return count;
    }

    void write(ByteBuffer bytes, int position, int count) {
        int end = position + count;
        if (end > seen.length) {
            touch(seen.length, end);
            seen = Arrays.copyOf(seen, end);
        }
        touch(position, end);
        bytes.get(seen, position, count);
    }

    void cut(int size) {
        if (size < seen.length) {
            touch(size, seen.length);
            seen = Arrays.copyOf(seen, size);
        }
    }

    private void touch(int from, int to) {
        unsynced.set(from / PAGE_BYTES, (to + PAGE_BYTES - 1) / PAGE_BYTES);
    }

    /** Everything is on the disk. */
    void force() {
        merge(unsynced, seen.length);
        unsynced.clear();
    }

    /** A flush failed: nobody will write these pages any more, and they may leave memory at once. */
    void failForce(boolean evict) {
        if (evict) {
            for (int page = unsynced.nextSetBit(0); page >= 0; page = unsynced.nextSetBit(page + 1)) {
                copy(durable, seen, page);
            }
        }
        unsynced.clear();
    }

    /** What a restart finds: of what was not flushed nothing, all of it, its beginning, or any pages. */
    @Override
    public void losePower(Random random) {
        int size = durable.length;
        BitSet kept = new BitSet();
        switch (random.nextInt(4)) {
            case 0 -> size = seen.length;
            case 1 -> {
                size = Math.min(seen.length, durable.length)
                        + random.nextInt(Math.max(0, seen.length - durable.length) + 1);
                kept.set(0, size / PAGE_BYTES + 1);
            }
            case 2 -> {
                size = seen.length;
                kept.set(0, size / PAGE_BYTES + 1);
            }
            default -> {
                size = random.nextBoolean() ? seen.length : durable.length;
                unsynced.stream().filter(page -> random.nextBoolean()).forEach(kept::set);
            }
        }
        kept.and(unsynced);
        merge(kept, size);
        seen = durable.clone();
        unsynced.clear();
    }

    private void merge(BitSet pages, int size) {
        durable = Arrays.copyOf(durable, size);
        for (int page = pages.nextSetBit(0); page >= 0; page = pages.nextSetBit(page + 1)) {
            copy(seen, durable, page);
        }
    }

    /** Copies a page as far as both have it; what the source has not, becomes zero. */
    private static void copy(byte[] from, byte[] to, int page) {
        int start = page * PAGE_BYTES;
        int end = Math.min(start + PAGE_BYTES, to.length);
        if (start < end) {
            Arrays.fill(to, start, end, (byte) 0);
            System.arraycopy(
                    from, Math.min(start, from.length), to, start, Math.max(0, Math.min(end, from.length) - start));
        }
    }
}
