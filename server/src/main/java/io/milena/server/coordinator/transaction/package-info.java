/**
 * Transactions (KIP-98, KIP-890): a {@code TransactionShard} keeps the transactional ids of one partition of
 * {@code __transaction_state}, a {@code TransactionCoordinator} brings requests to it. {@code TransactionMetadata} is a
 * value that says what may become of it, {@code EndTransaction} and {@code InitProducer} decide what a request comes to, and
 * {@code TransactionMarkers} tells partitions how a transaction ended, by messages to their strands. Owner: each shard
 * belongs to the strand of its partition. May use the generic coordinator, partitions, the image of the cluster and the
 * groups' host, to whose partitions markers are brought through it.
 */
@NullMarked
package io.milena.server.coordinator.transaction;

import org.jspecify.annotations.NullMarked;
