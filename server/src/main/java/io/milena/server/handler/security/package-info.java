/**
 * Handlers of access rules. No authorizer can be configured yet, and the answers say so: user interfaces ask when they
 * start and take the error as "no rules here". One class for each API, without state, called on event loops. May use the
 * package request; never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.security;

import org.jspecify.annotations.NullMarked;
