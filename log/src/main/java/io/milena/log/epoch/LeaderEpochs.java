package io.milena.log.epoch;

import io.milena.log.LogError;
import io.milena.log.LogException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The leader epochs of one log and the offset each of them starts at. Both only ever grow from entry to entry. Kept as
 * text in Kafka's {@code leader-epoch-checkpoint}:
 *
 * <pre>
 *   0            version
 *   2            number of entries
 *   0 0          epoch, start offset
 *   3 1250
 * </pre>
 *
 * Owned by the partition's strand.
 */
public final class LeaderEpochs {
    /** Stands for an epoch or an end offset that is not known. */
    public static final int UNKNOWN = -1;

    private static final String VERSION = "0";

    private final TreeMap<Integer, Long> starts = new TreeMap<>();

    /**
     * Notes that an epoch begins at an offset. Entries at or after it that contradict it are dropped: their records were
     * never written or are being replaced. An epoch that goes on is left as it is.
     *
     * @return whether anything changed, and so has to be written to the checkpoint
     */
    public boolean assign(int epoch, long startOffset) {
        if (epoch < 0 || startOffset < 0) {
            throw new IllegalArgumentException("epoch " + epoch + " at offset " + startOffset);
        }
        if (goesOn(epoch, startOffset)) {
            return false;
        }
        Map.Entry<Integer, Long> latest = starts.lastEntry();
        while (latest != null && (latest.getKey() >= epoch || latest.getValue() >= startOffset)) {
            starts.pollLastEntry();
            latest = starts.lastEntry();
        }
        starts.put(epoch, startOffset);
        return true;
    }

    /** Asked for each batch, so without garbage. */
    private boolean goesOn(int epoch, long startOffset) {
        if (starts.isEmpty()) {
            return false;
        }
        Integer latest = starts.lastKey();
        Long start = starts.get(latest);
        return latest == epoch && start != null && start <= startOffset;
    }

    /** The latest epoch, if there is any. */
    public OptionalInt latest() {
        return starts.isEmpty() ? OptionalInt.empty() : OptionalInt.of(starts.lastKey());
    }

    /** The epoch that wrote an offset, if it is known. */
    public OptionalInt epochAt(long offset) {
        for (Map.Entry<Integer, Long> entry : starts.descendingMap().entrySet()) {
            if (entry.getValue() <= offset) {
                return OptionalInt.of(entry.getKey());
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Where an epoch ended: the largest known epoch that is not after the one asked for, and the start of the next one.
     * The latest epoch ends at the end of the log. An epoch before all known ones ends where those start; one after all
     * known ones is {@link #UNKNOWN}, and so is its end.
     */
    public EpochEnd endOffsetFor(int epoch, long logEnd) {
        if (epoch < 0 || starts.isEmpty() || epoch > starts.lastKey()) {
            return new EpochEnd(UNKNOWN, UNKNOWN);
        }
        Map.Entry<Integer, Long> next = starts.higherEntry(epoch);
        if (next == null) {
            return new EpochEnd(epoch, logEnd);
        }
        Integer floor = starts.floorKey(epoch);
        return new EpochEnd(floor == null ? epoch : floor, next.getValue());
    }

    /** Forgets the epochs that start at or after the new end of the log. True if anything changed. */
    public boolean truncateFromEnd(long logEnd) {
        boolean changed = false;
        while (!starts.isEmpty() && starts.lastEntry().getValue() >= logEnd) {
            starts.pollLastEntry();
            changed = true;
        }
        return changed;
    }

    /** Forgets the epochs that ended at or before the new start of the log. True if anything changed. */
    public boolean truncateFromStart(long logStart) {
        Map.Entry<Integer, Long> last = null;
        if (starts.isEmpty() || starts.firstEntry().getValue() >= logStart) {
            return false;
        }
        while (!starts.isEmpty() && starts.firstEntry().getValue() <= logStart) {
            last = starts.pollFirstEntry();
        }
        if (last != null) {
            starts.put(last.getKey(), logStart);
        }
        return last != null;
    }

    /** Forgets everything. */
    public void clear() {
        starts.clear();
    }

    /** A copy: epoch to start offset, ascending. */
    public NavigableMap<Integer, Long> startOffsets() {
        return new TreeMap<>(starts);
    }

    /** The text of the checkpoint file. */
    public String encode() {
        StringBuilder text = new StringBuilder(VERSION).append('\n').append(starts.size());
        text.append('\n');
        starts.forEach(
                (epoch, start) -> text.append(epoch).append(' ').append(start).append('\n'));
        return text.toString();
    }

    /**
     * Reads the text of a checkpoint file.
     *
     * @throws LogException with {@link LogError#STORAGE_ERROR} if it is damaged
     */
    public static LeaderEpochs decode(String text) {
        String[] lines = text.split("\n", -1);
        try {
            if (lines.length < 2 || !lines[0].equals(VERSION)) {
                throw damaged("unknown version " + lines[0]);
            }
            LeaderEpochs epochs = new LeaderEpochs();
            int count = Integer.parseInt(lines[1]);
            if (count < 0 || count > lines.length - 2) {
                throw damaged("count " + count + " in " + lines.length + " lines");
            }
            for (int i = 2; i < 2 + count; i++) {
                String[] parts = lines[i].split(" ", -1);
                if (parts.length != 2) {
                    throw damaged("line '" + lines[i] + "'");
                }
                epochs.assign(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
            }
            return epochs;
        } catch (IllegalArgumentException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Damaged leader epoch checkpoint: " + e.getMessage(), e);
        }
    }

    private static LogException damaged(String what) {
        return new LogException(LogError.STORAGE_ERROR, "Damaged leader epoch checkpoint: " + what);
    }

    /**
     * Where an epoch ended.
     *
     * @param epoch the epoch the answer is about, or {@link #UNKNOWN}
     * @param endOffset the offset after its last record, or {@link #UNKNOWN}
     */
    public record EpochEnd(int epoch, long endOffset) {}
}
