/**
 * What stands between the network and the services: a request with its circumstances, the handler that answers it, the list of all
 * handlers, and the way errors and stored records become part of a response. Handlers are called on the connection's event loop, in
 * request order. No state but that of one connection or one request, no Netty. May use the protocol and the log's public types.
 */
@NullMarked
package io.milena.server.request;

import org.jspecify.annotations.NullMarked;
