/**
 * Quotas of clients (KIP-13, KIP-219, KIP-546): which quota of the image holds for whom, and how long a client that is over it has to wait.
 * Belongs to no thread: what is counted is counted without locks, by the threads that serve the clients. Whoever uses it answers at
 * once and lets the network read nothing more for that time. Knows the image only.
 */
@NullMarked
package io.milena.server.quota;

import org.jspecify.annotations.NullMarked;
