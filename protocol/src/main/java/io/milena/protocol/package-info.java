/**
 * The Kafka protocol as data: which APIs exist and in which versions ({@link io.milena.protocol.ApiKey}), which errors a
 * response can carry ({@link io.milena.protocol.ErrorCode}), and the two headers in front of every message. Both enums and
 * all of {@code io.milena.protocol.message} are generated from {@code src/main/schema}. Values here are immutable and owned
 * by no thread. Depends on {@code io.milena.protocol.wire} and the JDK; knows nothing of record batches, sockets or
 * brokers.
 */
@org.jspecify.annotations.NullMarked
package io.milena.protocol;
