/**
 * Handlers of transactions. One class for each API, without state, called on event loops. May use the package request, the coordinators
 * of transactions and groups, and the image of the cluster; never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.transaction;

import org.jspecify.annotations.NullMarked;
