/**
 * Strands and timers: who runs what, and when. A {@link io.milena.server.strand.Strand} owns a piece of state and runs its
 * tasks one at a time, in order, on whichever thread finds it free. {@link io.milena.server.strand.Timers} bring work to a
 * strand later. Nothing here blocks and nothing here takes a lock. May use the JDK and Netty's common utilities only.
 */
@NullMarked
package io.milena.server.strand;

import org.jspecify.annotations.NullMarked;
