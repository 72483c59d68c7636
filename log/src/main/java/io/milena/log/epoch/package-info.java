/**
 * Which leader epoch wrote which offsets of a partition. Followers and consumers ask where an epoch ended to find out
 * where their log leaves the leader's (KIP-101, KIP-320). Owned by the partition's strand. Depends on the exceptions in
 * {@code io.milena.log} only; files are read and written by others.
 */
@NullMarked
package io.milena.log.epoch;

import org.jspecify.annotations.NullMarked;
