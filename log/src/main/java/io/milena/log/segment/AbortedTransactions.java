package io.milena.log.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The aborted transactions whose marker lies in one segment, in the order of their markers. On disk 34 bytes each: format
 * int16 (0), producer id, first offset, last offset, last stable offset, all int64. Grown by the owner of the log, read
 * by any thread at the same time; cut only as a copy.
 */
public final class AbortedTransactions {
    /** Bytes of an entry on disk. */
    public static final int ENTRY_BYTES = 34;

    private static final short FORMAT = 0;

    private static final AbortedTransaction[] NONE = {};

    // Slots below size never change.
    private AbortedTransaction[] entries;
    private volatile int size;

    AbortedTransactions() {
        this(NONE, 0);
    }

    private AbortedTransactions(AbortedTransaction[] entries, int size) {
        this.entries = entries;
        this.size = size;
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    void append(AbortedTransaction transaction) {
        int at = size;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, Math.max(4, at + (at >> 1)));
        }
        entries[at] = transaction;
        size = at + 1;
    }

    /**
     * Adds the transactions that touch a range of offsets to a list.
     *
     * @return whether no later segment can hold more of them
     */
    boolean collect(long fromOffset, long upToOffset, List<AbortedTransaction> found) {
        int count = size;
        AbortedTransaction[] all = entries;
        for (int i = firstEndingAtOrAfter(fromOffset, count); i < count; i++) {
            AbortedTransaction transaction = all[i];
            if (transaction.firstOffset() < upToOffset) {
                found.add(transaction);
            }
            if (transaction.lastStableOffset() >= upToOffset) {
                return true;
            }
        }
        return false;
    }

    private int firstEndingAtOrAfter(long offset, int count) {
        AbortedTransaction[] all = entries;
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all[middle].lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    AbortedTransaction get(int place) {
        return entries[place];
    }

    /** A copy with the transactions that ended below an offset. */
    AbortedTransactions below(long offset) {
        int kept = firstEndingAtOrAfter(offset, size);
        return new AbortedTransactions(Arrays.copyOf(entries, kept), kept);
    }

    ByteBuffer toBytes() {
        int count = size;
        ByteBuffer bytes = ByteBuffer.allocate(count * ENTRY_BYTES);
        for (int i = 0; i < count; i++) {
            AbortedTransaction transaction = entries[i];
            bytes.putShort(FORMAT)
                    .putLong(transaction.producerId())
                    .putLong(transaction.firstOffset())
                    .putLong(transaction.lastOffset())
                    .putLong(transaction.lastStableOffset());
        }
        return bytes.flip();
    }

    /** The transactions in the bytes of a file, or empty if they cannot be that. */
    static Optional<AbortedTransactions> fromBytes(long baseOffset, ByteBuffer bytes) {
        if (bytes.remaining() % ENTRY_BYTES != 0) {
            return Optional.empty();
        }
        AbortedTransaction[] entries = new AbortedTransaction[bytes.remaining() / ENTRY_BYTES];
        long previous = baseOffset - 1;
        for (int i = 0; i < entries.length; i++) {
            short format = bytes.getShort();
            AbortedTransaction entry =
                    new AbortedTransaction(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
            if (format != FORMAT || entry.lastOffset() <= previous || entry.firstOffset() > entry.lastOffset()) {
                return Optional.empty();
            }
            previous = entry.lastOffset();
            entries[i] = entry;
        }
        return areConsistent(entries)
                ? Optional.of(new AbortedTransactions(entries, entries.length))
                : Optional.empty();
    }

    /** Where readers could read when a transaction ended lies before each transaction that was still open then. */
    private static boolean areConsistent(AbortedTransaction[] entries) {
        long firstOpen = Long.MAX_VALUE;
        for (int i = entries.length - 1; i >= 0; i--) {
            long stable = entries[i].lastStableOffset();
            if (stable < 0
                    || stable > entries[i].lastOffset() + 1
                    || (firstOpen < entries[i].lastOffset() && stable > firstOpen)) {
                return false;
            }
            firstOpen = Math.min(firstOpen, entries[i].firstOffset());
        }
        return true;
    }
}
