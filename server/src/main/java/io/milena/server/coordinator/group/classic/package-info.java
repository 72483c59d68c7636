/**
 * The classic group protocol (JoinGroup, SyncGroup, Heartbeat, LeaveGroup): members agree on a protocol, the leader among
 * them computes the assignment, the coordinator passes it on. {@code ClassicGroup} is the state of one group,
 * {@code Rebalance} moves it from generation to generation, the other classes answer one kind of request each. Owner: the
 * strand of the group's partition; nothing here has a thread. Meaning follows Kafka 4.3 with KIP-345 (static members),
 * KIP-394 (known member ids) and KIP-814 (static leader skips the assignment).
 */
@NullMarked
package io.milena.server.coordinator.group.classic;

import org.jspecify.annotations.NullMarked;
