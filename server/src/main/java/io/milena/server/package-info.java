/**
 * The broker as a whole. {@link io.milena.server.Broker} builds all parts in one visible order and closes them in the reverse
 * one; nothing here is static and nothing ends the process, so any number of brokers can live in one. May use every other
 * package of the server.
 */
@NullMarked
package io.milena.server;

import org.jspecify.annotations.NullMarked;
