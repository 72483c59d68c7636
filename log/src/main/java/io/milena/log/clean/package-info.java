/**
 * Giving up old data: by time and size, and by key. {@link io.milena.log.clean.Retention} only decides, for the owner of a
 * log. {@link io.milena.log.clean.Compaction} writes smaller segments on background threads, and the owner puts them in
 * the place of the others; {@link io.milena.log.clean.CompactionSchedule} drives it for all logs of a broker. Depends on
 * {@code io.milena.log.segment}, {@code .batch} and the exceptions in {@code io.milena.log}.
 */
@NullMarked
package io.milena.log.clean;

import org.jspecify.annotations.NullMarked;
