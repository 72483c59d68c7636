/**
 * Fetches and their sessions (KIP-227): which partitions a client wants, which of them have something new, and the waiting of a
 * fetch that found too little. A session and its fetch belong to the event loop of one connection; strands of partitions reach into
 * them only to mark a partition dirty and to wake a parked fetch. May use partitions, timers and the protocol's fetch messages.
 */
@NullMarked
package io.milena.server.partition.session;

import org.jspecify.annotations.NullMarked;
