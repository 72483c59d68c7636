/**
 * The files of a log: a segment is one data file with its indexes. A segment is changed by the one thread that owns its
 * log and read by any thread; what readers may see is published in {@link io.milena.log.segment.SegmentEnd}. Files are
 * opened on first use, shared through leases and closed by the cache in {@link io.milena.log.segment.OpenFiles}; nothing
 * leased shrinks or is closed. Depends on {@code io.milena.log.batch} and Caffeine.
 */
@NullMarked
package io.milena.log.segment;

import org.jspecify.annotations.NullMarked;
