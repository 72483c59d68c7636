/**
 * Kafka's primitive encodings over one byte buffer: fixed-width numbers, unsigned varints, plain and compact strings, bytes
 * and arrays, tagged sections, and record data that is passed on uncopied. {@link io.milena.protocol.wire.Reader} trusts
 * nothing it reads; {@link io.milena.protocol.wire.Writer} fills one buffer in a single pass. A reader or writer belongs to
 * one thread at a time. Depends on the JDK alone.
 */
@org.jspecify.annotations.NullMarked
package io.milena.protocol.wire;
