/**
 * The group coordinator: {@link io.milena.server.coordinator.group.GroupCoordinator} is what handlers call,
 * {@link io.milena.server.coordinator.group.GroupShard} the groups and committed offsets of one partition of
 * {@code __consumer_offsets}, {@code ClassicRouting} brings members of the classic protocol to groups of either kind, and {@link io.milena.server.coordinator.group.record.GroupRecord} what is stored there, in Kafka's own
 * format. Owner: shards belong to the strand of their partition; the coordinator itself is stateless but for its hosts. May
 * use the protocol, the cluster image, strands and the generic coordinator package, not the network.
 */
@NullMarked
package io.milena.server.coordinator.group;

import org.jspecify.annotations.NullMarked;
