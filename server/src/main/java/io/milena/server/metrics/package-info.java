/**
 * What a broker counts. Every meter is named in {@link io.milena.server.metrics.BrokerMetrics}, in whichever registry the
 * broker was given. Used by any thread. Depends on Micrometer and on what is counted in {@code io.milena.log}.
 */
@NullMarked
package io.milena.server.metrics;

import org.jspecify.annotations.NullMarked;
