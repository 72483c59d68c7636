/**
 * Handlers of settings: what holds for topics and brokers, where it comes from, and changing it. One class for each API, without
 * state, called on event loops. May use the packages request, cluster and config; never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.config;

import org.jspecify.annotations.NullMarked;
