package io.milena.compat.history;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** A transaction of a process: what belongs to it, and how it ended. */
final class Transaction {

    /** How it ended, as its producer knows. */
    enum Fate {
        /** Nobody asked for its commit, or it was aborted. */
        ABORTED,
        /** Its commit was asked for. */
        UNKNOWN,
        /** Its commit was acknowledged. */
        COMMITTED
    }

    /** What a group's offset becomes with it. */
    record Offset(String group, TopicPartition partition, long next) {}

    final String name;
    final List<SentRecord> records = new ArrayList<>();
    final List<Offset> offsets = new ArrayList<>();
    Fate fate = Fate.ABORTED;

    Transaction(String name) {
        this.name = name;
    }

    /** Whether anybody has read anything of it. */
    boolean isSeen() {
        return records.stream().anyMatch(each -> each.readOffset != null);
    }

    /** Whether it was committed, by what its producer knows or by what readers saw. */
    boolean isCommitted() {
        return fate == Fate.COMMITTED || fate == Fate.UNKNOWN && isSeen();
    }

    @Override
    public String toString() {
        return name + " (" + fate + ", " + records.size() + " records)";
    }
}
