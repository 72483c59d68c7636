/**
 * Handlers of the metrics that clients send (KIP-714). This broker has no receiver for them, so it does not announce these requests, and
 * a client that sends them all the same is asked for no metric. One class for each API, without state, called on event loops. May use the
 * package request; never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.telemetry;

import org.jspecify.annotations.NullMarked;
