package io.milena.log.segment;

/**
 * Whole batches that lie one behind the other in a segment.
 *
 * @param position where the first one starts
 * @param sizeInBytes size of all of them; 0 if not even the first may be read
 * @param firstOffset base offset of the first one
 * @param nextOffset offset after the last one
 */
public record Extent(int position, int sizeInBytes, long firstOffset, long nextOffset) {}
