/**
 * The requests of consumer groups, one class per API: each turns one wire message, in all of its versions, into a call of
 * the group coordinator, and the outcome back into a wire message. Handlers hold no state, run on the connection's thread
 * and never block. May use the protocol, the group coordinator and the cluster image; no other handler package.
 */
@NullMarked
package io.milena.server.handler.group;

import org.jspecify.annotations.NullMarked;
