/** Tests of strands, and the clocks and executors by which other tests drive them. */
@org.jspecify.annotations.NullMarked
package io.milena.server.strand;
