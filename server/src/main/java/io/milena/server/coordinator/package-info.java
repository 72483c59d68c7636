/**
 * What every coordinator is made of: a {@link io.milena.server.coordinator.Shard} is the state that one partition of an
 * internal topic holds, a {@link io.milena.server.coordinator.ShardHost} keeps a shard for each such partition led here.
 * A request is decided without touching state, its records are appended as one batch, applied, and answered once they are
 * committed. Owner: all of a shard's state belongs to the strand of its partition, except while it is being loaded, when
 * it belongs to the loading thread alone. Depends on partitions, strands, the log's batch format and the wire's error codes;
 * knows nothing of the network nor of what its records mean.
 */
@NullMarked
package io.milena.server.coordinator;

import org.jspecify.annotations.NullMarked;
