package io.milena.compat.history;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A record that a process sent, and what became of it. */
final class SentRecord {

    final String value;
    final String process;
    final TopicPartition partition;
    final @Nullable Transaction transaction;
    /** {@code TOPIC:PARTITION:OFFSET} of the input it was made of, or {@link Event#NONE}. */
    final String source;

    boolean failed;

    @Nullable
    Long acknowledgedOffset;

    @Nullable
    Long readOffset;

    SentRecord(Event send, @Nullable Transaction transaction) {
        this.value = send.word(3);
        this.process = send.process();
        this.partition = send.partition(1);
        this.transaction = transaction;
        this.source = send.word(4);
    }

    /** Where it is, when anybody knows. */
    @Nullable
    Long offset() {
        return readOffset == null ? acknowledgedOffset : readOffset;
    }

    /** Whether a reader of its partition must see it. */
    boolean isDue() {
        return transaction == null ? acknowledgedOffset != null || readOffset != null : transaction.isCommitted();
    }

    @Override
    public String toString() {
        String where = " of " + process + " in " + partition + " acknowledged at " + acknowledgedOffset + " read at "
                + readOffset;
        return value + where + (transaction == null ? "" : " in transaction " + transaction);
    }
}
