package io.milena.server.coordinator;

/**
 * A producer at one time of its life.
 *
 * @param producerId given out once
 * @param producerEpoch grows whenever the producer is replaced or, from transaction version 2 on, ends a transaction
 */
public record ProducerIdentity(long producerId, short producerEpoch) {
    /** Nobody. */
    public static final ProducerIdentity NONE = new ProducerIdentity(-1, (short) -1);
}
