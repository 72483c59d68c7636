package io.milena.log.producer;

/**
 * What a producer is known by in the log.
 *
 * @param lastOffset offset of its last record, or -1 if only markers are known
 * @param producerEpoch its current epoch
 */
public record LastBatch(long lastOffset, short producerEpoch) {}
