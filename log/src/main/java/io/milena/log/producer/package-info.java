/**
 * What a partition remembers of its idempotent and transactional producers: their last batches, to find duplicates and
 * gaps, and their open transactions, to know up to where readers of committed data may read (KIP-98). Owned by the
 * partition's strand. Depends on {@code io.milena.log.batch} and the exceptions in {@code io.milena.log}; snapshots are
 * encoded here, files are read and written by others.
 */
@NullMarked
package io.milena.log.producer;

import org.jspecify.annotations.NullMarked;
