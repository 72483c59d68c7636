package io.milena.log.batch;

/**
 * A batch that may enter the log once {@link RecordBatch#assign} gave it its place.
 *
 * @param batch the bytes to store: those received, stamped in place, or new ones in the topic's codec
 * @param appendTimeMs the timestamp all its records got, or -1 where the producer's count
 */
public record ValidatedBatch(RecordBatch batch, long appendTimeMs) {}
