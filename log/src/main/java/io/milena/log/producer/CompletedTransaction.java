package io.milena.log.producer;

/**
 * A transaction that a marker has just ended in this partition; an aborted one belongs in the transaction index.
 *
 * @param producerId whose it was
 * @param firstOffset offset of its first record
 * @param lastOffset offset of the marker
 * @param aborted whether its records are to be ignored
 * @param lastStableOffset up to where all transactions are decided once this one is
 */
public record CompletedTransaction(
        long producerId, long firstOffset, long lastOffset, boolean aborted, long lastStableOffset) {}
