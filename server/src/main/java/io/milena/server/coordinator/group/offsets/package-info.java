/**
 * Committed offsets: who may commit and delete them, what a fetch sees, when they expire. {@code CommittedOffsets} is the
 * state of one shard, {@code OffsetDecisions} turns requests into records, {@code OffsetExpiry} turns time and deleted topics
 * into tombstones. Owner: the strand of the groups' partition. May use the group package's records and the classic groups'
 * rules.
 */
@NullMarked
package io.milena.server.coordinator.group.offsets;

import org.jspecify.annotations.NullMarked;
