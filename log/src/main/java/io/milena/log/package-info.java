/**
 * One partition's log on disk. {@link io.milena.log.PartitionLog} is changed by one thread at a time, its owner, and read
 * by any thread; {@link io.milena.log.LogDirectory} is the folder in which the logs of a broker lie. Bytes go in and come
 * out as record batches, unchanged. Knows nothing of topics, networks or requests. Depends on its own subpackages, slf4j
 * and Caffeine.
 */
@NullMarked
package io.milena.log;

import org.jspecify.annotations.NullMarked;
