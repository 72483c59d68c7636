package io.milena.server.coordinator;

/** What a shard's log knows of the transactions that write to it. Inside the strand. */
public interface ShardTransactions {
    /** Whether the producer has an open transaction in this epoch. */
    boolean isOpen(ProducerIdentity producer);

    /** The newest epoch of a producer; -1 if it is unknown. */
    short epoch(long producerId);

    /** How many markers of a producer were appended; the same number twice means that none came in between. */
    int markers(long producerId);
}
