/**
 * Giving up old data: by time and size. Decides only, and is asked by the owner of a log; the log deletes. Depends on
 * {@code io.milena.log.segment}, {@code .batch} and {@code .compress}.
 */
@NullMarked
package io.milena.log.clean;

import org.jspecify.annotations.NullMarked;
