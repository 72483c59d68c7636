/**
 * Bringing a log back after a stop: reading what lies in its folder, checking it after an unclean stop, cutting it at the
 * first damage. Runs once, before the log is used, on the thread that opens it. Depends on {@code io.milena.log.segment},
 * {@code .batch}, {@code .producer} and {@code .epoch}.
 */
@NullMarked
package io.milena.log.recovery;

import org.jspecify.annotations.NullMarked;
