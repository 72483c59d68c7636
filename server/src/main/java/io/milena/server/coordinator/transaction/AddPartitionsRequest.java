package io.milena.server.coordinator.transaction;

import io.milena.server.coordinator.ProducerIdentity;
import java.util.Set;

/**
 * Partitions that belong to a producer's transaction, or are thought to.
 *
 * @param clientVersion see {@link TransactionVersion}
 */
public record AddPartitionsRequest(
        String transactionalId, ProducerIdentity producer, Set<TopicPartition> partitions, int clientVersion) {}
