/**
 * The partitions this broker holds. A {@link io.milena.server.partition.Partition} joins a log, a strand that owns it and the
 * role the cluster gave it; {@link io.milena.server.partition.Partitions} opens, finds, checkpoints and closes them as images of
 * the cluster arrive. Appends, acknowledgements and watchers belong to the partition's strand; the four published offsets and the
 * log's read methods may be used by any thread. May use the log, strands and the cluster image, and knows nothing of requests.
 */
@NullMarked
package io.milena.server.partition;

import org.jspecify.annotations.NullMarked;
