/**
 * Just enough of HTTP/1.1 to be scraped and asked for health: GET and HEAD, one request for each connection, on the broker's event loops.
 * Everything a client sends is bounded in size and time. What is answered is decided by a handler that must not block. May use the
 * network's loops.
 */
@NullMarked
package io.milena.server.network.http;

import org.jspecify.annotations.NullMarked;
