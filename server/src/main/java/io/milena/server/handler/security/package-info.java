/**
 * Handlers of access rules, users and quotas. This broker has no authorizer, no users and no quotas yet, and answers as Kafka does
 * without them: rules are disabled, the lists of the others are empty. One class for each API, without state, called on event loops.
 * May use the package request; never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.security;

import org.jspecify.annotations.NullMarked;
