package io.milena.server.coordinator.transaction;

import io.milena.server.coordinator.ProducerIdentity;

/**
 * A producer that wants to use a transactional id.
 *
 * @param timeoutMs how long its transactions may take
 * @param expected who it was so far; {@link ProducerIdentity#NONE} if it is new
 */
public record InitProducerRequest(String transactionalId, int timeoutMs, ProducerIdentity expected) {
    boolean isNew() {
        return expected.equals(ProducerIdentity.NONE);
    }
}
