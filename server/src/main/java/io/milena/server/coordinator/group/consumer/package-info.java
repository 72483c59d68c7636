/**
 * The consumer group protocol (ConsumerGroupHeartbeat, KIP-848): the coordinator computes the assignment and leads each member to
 * it, step by step, by what it answers to heartbeats. {@code ConsumerGroup} is the state of one group and changes by records only;
 * {@code HeartbeatDecision} and its like turn requests into records; {@code ConsumerProtocol} carries them out and keeps the timers.
 * Owner: the strand of the group's partition; nothing here has a thread. Meaning follows Kafka 4.3 with KIP-1251 (epochs of
 * partitions) and KIP-1263 (time between assignments). May know the classic package, whose members it can serve.
 */
@NullMarked
package io.milena.server.coordinator.group.consumer;

import org.jspecify.annotations.NullMarked;
