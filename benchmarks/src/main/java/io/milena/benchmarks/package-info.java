/**
 * Benchmarks of the loops that every record or request passes: codec, checksum and append, look-up in an index, hand-over to a strand, and
 * whole requests over a socket. They measure one thing against itself before and after a change; how Milena compares with Apache Kafka is
 * measured side by side, see docs/benchmarks.md. Nothing depends on this package, and nothing of it is shipped.
 * Not {@code @NullMarked}: what a benchmark needs is set up after its construction.
 */
package io.milena.benchmarks;
