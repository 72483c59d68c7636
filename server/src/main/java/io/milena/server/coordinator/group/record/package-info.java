/**
 * What groups store in {@code __consumer_offsets}: the records, and their form on disk, which is Kafka's, so that Kafka's
 * own tools can read the topic. Immutable values, free for any thread. May use the protocol's stored-record messages only.
 */
@NullMarked
package io.milena.server.coordinator.group.record;

import org.jspecify.annotations.NullMarked;
