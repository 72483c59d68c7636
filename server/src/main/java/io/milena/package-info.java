/**
 * The broker as a library: {@link io.milena.Milena} starts one inside the process, for tests and for programs that bring their own
 * broker. It may be called from any thread; whatever it starts, the package {@code io.milena.server} owns. May use the broker, its
 * settings, the wishes for topics, and Micrometer's registry.
 */
@NullMarked
package io.milena;

import org.jspecify.annotations.NullMarked;
