package io.milena.log.segment;

/**
 * A transaction that was rolled back: readers of committed data skip this producer's records from the first offset to
 * the marker.
 *
 * @param producerId the producer
 * @param firstOffset offset of the transaction's first record
 * @param lastOffset offset of its abort marker
 * @param lastStableOffset last stable offset right after the marker was appended
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
