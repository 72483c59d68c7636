/**
 * The command line: {@code milena start}, {@code config}, {@code format}, {@code info}. The only place that reads files of settings, sets up the log, writes to the terminal
 * and ends the process. May use the settings,
 * {@link io.milena.server.Broker}, and the storage of data folders.
 */
@NullMarked
package io.milena.server.cli;

import org.jspecify.annotations.NullMarked;
