/**
 * From bytes to handlers and back: listeners, frames, the order of requests and replies, back-pressure, orderly close. Everything about a
 * connection is owned by its event loop; what connections share (the set of them, the request memory) is safe for all loops. Nothing here
 * blocks. Uses Netty, the protocol and the package request, and knows no service.
 */
@NullMarked
package io.milena.server.network;

import org.jspecify.annotations.NullMarked;
