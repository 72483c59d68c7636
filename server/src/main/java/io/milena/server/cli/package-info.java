/**
 * The command line: {@code milena start}. The only place that reads files of settings, sets up the log, writes to the terminal
 * and ends the process. May use the settings and {@link io.milena.server.Broker}.
 */
@NullMarked
package io.milena.server.cli;

import org.jspecify.annotations.NullMarked;
