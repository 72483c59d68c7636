/**
 * Shares out partitions among the members of a consumer group: {@code UniformAssignor} gives everybody as many and moves as
 * few as it can, {@code RangeAssignor} gives each member a run of every topic. Pure functions of a {@code GroupSpec}, for any
 * thread. May know the values of the record package, nothing else. Results are those of Kafka's assignors of the same names.
 */
@NullMarked
package io.milena.server.coordinator.group.consumer.assignor;

import org.jspecify.annotations.NullMarked;
