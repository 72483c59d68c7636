/**
 * Handlers of transactions. This broker takes part in none yet, and says so when asked which there are. One class for each API,
 * without state, called on event loops. May use the package request; never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.transaction;

import org.jspecify.annotations.NullMarked;
