/**
 * The settings of a broker and of its topics, with Kafka's names, types, defaults and ranges.
 *
 * <p>Two text tables beside this package list every known setting once; reading a file, checking a value and answering
 * DescribeConfigs all use them. Values come in layers (topic, dynamic per broker, dynamic for all brokers, file, default)
 * and the first layer that has one wins. Everything here is immutable and may be read by any thread. The package depends
 * on the JDK and slf4j alone.
 */
@NullMarked
package io.milena.server.config;

import org.jspecify.annotations.NullMarked;
