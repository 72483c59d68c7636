package io.milena.log.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sparse map from offset to file position of one segment: about one entry per {@code index.interval.bytes}. An entry
 * names the last offset of a batch and the position at which that batch starts. On disk: relative offset int32, position
 * int32, ascending, nothing else. Grown by the owner of the log, read by any thread at the same time; cut only as a copy.
 */
public final class OffsetIndex {
    /** Bytes of an entry on disk. */
    public static final int ENTRY_BYTES = 8;

    private static final long[] NONE = {};

    private final long baseOffset;
    // Relative offset in the upper half, position in the lower. Slots below size never change.
    private long[] entries;
    private volatile int size;

    OffsetIndex(long baseOffset) {
        this(baseOffset, NONE, 0);
    }

    private OffsetIndex(long baseOffset, long[] entries, int size) {
        this.baseOffset = baseOffset;
        this.entries = entries;
        this.size = size;
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    void append(long lastOffset, int position) {
        int at = size;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, Math.max(8, at + (at >> 1)));
        }
        entries[at] = ((lastOffset - baseOffset) << 32) | position;
        size = at + 1;
    }

    /** Place of the last entry with an offset at or below the given one, or -1. */
    int floor(long offset) {
        return search(offset - baseOffset, 0);
    }

    /** Place of the last entry that is below an offset and at or below a position, or -1. */
    int floor(long belowOffset, int position) {
        int byOffset = search(belowOffset - baseOffset - 1, 0);
        return Math.min(byOffset, search(position, 32));
    }

    /** Last entry whose upper half (shift 0) or lower half (shift 32) is at or below a key; both halves ascend. */
    private int search(long key, int shift) {
        int high = size - 1;
        long[] sorted = entries;
        int low = 0;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if ((sorted[middle] << shift) >>> 32 <= key) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    long offset(int place) {
        return baseOffset + (entries[place] >>> 32);
    }

    int position(int place) {
        return (int) entries[place];
    }

    /** A copy with the entries below an offset. */
    OffsetIndex below(long offset) {
        int kept = floor(offset - 1) + 1;
        return new OffsetIndex(baseOffset, Arrays.copyOf(entries, kept), kept);
    }

    ByteBuffer toBytes() {
        int count = size;
        ByteBuffer bytes = ByteBuffer.allocate(count * ENTRY_BYTES);
        bytes.asLongBuffer().put(entries, 0, count);
        return bytes;
    }

    /** The index in the bytes of a file, or empty if they cannot be the index of a segment of that size. */
    static Optional<OffsetIndex> fromBytes(long baseOffset, ByteBuffer bytes, long segmentSize) {
        if (bytes.remaining() % ENTRY_BYTES != 0) {
            return Optional.empty();
        }
        long[] entries = new long[bytes.remaining() / ENTRY_BYTES];
        bytes.asLongBuffer().get(entries);
        long offset = -1;
        long position = -1;
        for (long entry : entries) {
            if (entry >>> 32 <= offset || (int) entry <= position || entry < 0) {
                return Optional.empty();
            }
            offset = entry >>> 32;
            position = (int) entry;
        }
        return position < segmentSize
                ? Optional.of(new OffsetIndex(baseOffset, entries, entries.length))
                : Optional.empty();
    }
}
