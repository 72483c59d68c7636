package io.milena.compat.history;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.TopicPartition;

/**
 * One thing that one process did, saw, or learned. Its text is the name of the kind in lower case and the words, separated by
 * blanks. Values and transactions have names that no other process uses.
 */
public record Event(String process, Kind kind, List<String> words) {

    /** A word that stands for nothing: no transaction, no source. */
    public static final String NONE = "-";

    /** The kinds of event, with the words of each. Whatever may have an effect is written before it is done. */
    public enum Kind {
        /** {@code TRANSACTION}: it begins. */
        BEGIN(1),
        /** {@code TRANSACTION TOPIC PARTITION VALUE SOURCE}: a record is sent; the source is {@code TOPIC:PARTITION:OFFSET} of the input. */
        SEND(5),
        /** {@code VALUE OFFSET}: the broker has it there. */
        ACK(2),
        /** {@code VALUE}: it was refused and is not there; a record with neither this nor an {@link #ACK} may be there. */
        FAIL(1),
        /** {@code TRANSACTION GROUP TOPIC PARTITION OFFSET}: the group's offset, if the transaction is committed. */
        OFFSETS(5),
        /** {@code TRANSACTION}: its commit is asked for. Without an answer it is committed or aborted as a whole. */
        COMMIT(1),
        /** {@code TRANSACTION}: it is committed. */
        COMMITTED(1),
        /** {@code TRANSACTION}: it is aborted. So is each whose commit was never asked for. */
        ABORTED(1),
        /** {@code TRANSACTION REASON}: its end was asked for, and the answer leaves open which it took. */
        UNKNOWN(2),
        /** {@code TOPIC PARTITION OFFSET}: it reads on from there; -1 is wherever its next record is. */
        POSITION(3),
        /** {@code TOPIC PARTITION OFFSET VALUE}: a record of a poll, of committed records alone. */
        READ(4),
        /** {@code TOPIC PARTITION OFFSET}: it has read all before this offset. */
        REACHED(3),
        /** {@code TOPIC PARTITION OFFSET}: the end of the log when nobody wrote any more and no transaction was open. */
        END(3),
        /** {@code GROUP TOPIC PARTITION OFFSET}: the group's offset then; -1 is none. */
        GROUP(4),
        /** {@code TOPIC PARTITION NANOS}: its group gives it the partition. Times are those of the machine's monotonic clock. */
        ASSIGNED(3),
        /** {@code TOPIC PARTITION NANOS}: the partition is no longer its own. */
        REVOKED(3),
        /** {@code EPOCH}: what it reads from here on is of this epoch or generation of its group; {@link #NONE} when it cannot tell. */
        EPOCH(1),
        /** {@code TOPIC PARTITION OFFSET NANOS}: its group's offset was stored. */
        STORED(4),
        /** {@code REASON}: an offset was not stored. */
        UNSTORED(1),
        /** {@code NANOS}: from then on it may not notice that others take its partitions. */
        HELD(1),
        /** {@code REASON}: the process ends by itself. */
        LEFT(1);

        private final int words;

        Kind(int words) {
            this.words = words;
        }
    }

    /** Reads a line. */
    public static Event parse(String process, String line) {
        List<String> all = Arrays.asList(line.split(" "));
        Kind kind = Kind.valueOf(all.get(0).toUpperCase(Locale.ROOT));
        if (all.size() != kind.words + 1) {
            throw new IllegalArgumentException(process + ": " + line);
        }
        return new Event(process, kind, all.subList(1, all.size()));
    }

    String word(int index) {
        return words.get(index);
    }

    long number(int index) {
        return Long.parseLong(words.get(index));
    }

    /** The partition whose topic is at that word. */
    TopicPartition partition(int index) {
        return new TopicPartition(words.get(index), Integer.parseInt(words.get(index + 1)));
    }
}
