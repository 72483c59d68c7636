package io.milena.compat.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What one process read of one partition from one position on. */
final class ReadSession {

    /** A record of a poll. */
    record Read(long offset, String value) {}

    final String process;
    final TopicPartition partition;
    final List<Read> reads = new ArrayList<>();
    private final Set<String> values = new HashSet<>();
    private long start;
    private long reached;

    ReadSession(String process, TopicPartition partition, long start) {
        this.process = process;
        this.partition = partition;
        this.start = start;
        this.reached = start;
    }

    void add(Read read) {
        if (start < 0) {
            start = read.offset;
        }
        reads.add(read);
        values.add(read.value);
        reach(read.offset + 1);
    }

    void reach(long offset) {
        reached = Math.max(reached, offset);
    }

    /** The first offset it would have seen; negative when it saw nothing. */
    long start() {
        return start;
    }

    /** The first offset it did not look at. */
    long reached() {
        return reached;
    }

    boolean hasRead(String value) {
        return values.contains(value);
    }

    @Override
    public String toString() {
        return process + " reading " + partition + " from " + start + " to " + reached;
    }
}
