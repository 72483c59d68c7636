/**
 * The codecs a record batch may be compressed with, as streams. Formats are those of Kafka's clients: gzip, snappy in
 * xerial's framing, lz4 frames, zstd. Streams belong to the thread that opened them and must be closed. Depends on the
 * codec libraries and the exceptions in {@code io.milena.log} only.
 */
@NullMarked
package io.milena.log.compress;

import org.jspecify.annotations.NullMarked;
