package io.milena.log.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sparse map from timestamp to offset of one segment. An entry says: up to and including this offset no record is newer
 * than this timestamp. On disk: timestamp int64, relative offset int32, ascending, nothing else. Grown by the owner of the
 * log, read by any thread at the same time; cut only as a copy.
 */
public final class TimeIndex {
    /** Bytes of an entry on disk. */
    public static final int ENTRY_BYTES = 12;

    private static final long[] NO_TIMESTAMPS = {};
    private static final int[] NO_OFFSETS = {};

    private final long baseOffset;
    private long[] timestamps;
    private int[] offsets;
    private volatile int size;

    TimeIndex(long baseOffset) {
        this(baseOffset, NO_TIMESTAMPS, NO_OFFSETS);
    }

    private TimeIndex(long baseOffset, long[] timestamps, int[] offsets) {
        this.baseOffset = baseOffset;
        this.timestamps = timestamps;
        this.offsets = offsets;
        this.size = timestamps.length;
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    /** Adds an entry unless its timestamp says nothing new. */
    void append(long timestamp, long offset) {
        int at = size;
        if (at > 0 && timestamp <= timestamps[at - 1]) {
            return;
        }
        if (at == timestamps.length) {
            int capacity = Math.max(8, at + (at >> 1));
            timestamps = Arrays.copyOf(timestamps, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
        }
        timestamps[at] = timestamp;
        offsets[at] = (int) (offset - baseOffset);
        size = at + 1;
    }

    /** Place of the last entry with a timestamp at or below the given one, or -1. */
    int floor(long timestamp) {
        int high = size - 1;
        long[] sorted = timestamps;
        int low = 0;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= timestamp) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    long timestamp(int place) {
        return timestamps[place];
    }

    long offset(int place) {
        return baseOffset + offsets[place];
    }

    /** A copy with the entries below an offset. */
    TimeIndex below(long offset) {
        int kept = size;
        while (kept > 0 && offset(kept - 1) >= offset) {
            kept--;
        }
        return new TimeIndex(baseOffset, Arrays.copyOf(timestamps, kept), Arrays.copyOf(offsets, kept));
    }

    ByteBuffer toBytes() {
        int count = size;
        ByteBuffer bytes = ByteBuffer.allocate(count * ENTRY_BYTES);
        for (int i = 0; i < count; i++) {
            bytes.putLong(timestamps[i]).putInt(offsets[i]);
        }
        return bytes.flip();
    }

    /** The index in the bytes of a file, or empty if they cannot be an index. */
    static Optional<TimeIndex> fromBytes(long baseOffset, ByteBuffer bytes) {
        if (bytes.remaining() % ENTRY_BYTES != 0) {
            return Optional.empty();
        }
        int count = bytes.remaining() / ENTRY_BYTES;
        long[] timestamps = new long[count];
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            timestamps[i] = bytes.getLong();
            offsets[i] = bytes.getInt();
            boolean ascends = i == 0
                    ? timestamps[i] >= 0 && offsets[i] >= 0
                    : timestamps[i] > timestamps[i - 1] && offsets[i] >= offsets[i - 1];
            if (!ascends) {
                return Optional.empty();
            }
        }
        return Optional.of(new TimeIndex(baseOffset, timestamps, offsets));
    }
}
