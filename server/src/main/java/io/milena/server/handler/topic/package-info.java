/**
 * Handlers of topics: what there is, and creating and deleting them. One class for each API, without state, called on event
 * loops. Reads come from one image per request, changes go to the controller. May use the packages request, cluster and config;
 * never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.topic;

import org.jspecify.annotations.NullMarked;
