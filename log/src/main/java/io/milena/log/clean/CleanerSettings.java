package io.milena.log.clean;

/**
 * What all cleanings of a broker share, with Kafka's names and defaults.
 *
 * @param threads how many logs are cleaned at the same time, {@code log.cleaner.threads}
 * @param dedupeBufferSize most bytes of all maps of keys together, {@code log.cleaner.dedupe.buffer.size}
 * @param ioBufferLoadFactor how full a map may get, {@code log.cleaner.io.buffer.load.factor}
 * @param ioBufferSize bytes of all buffers together, {@code log.cleaner.io.buffer.size}
 * @param ioMaxBytesPerSecond most bytes read and written in a second, {@code log.cleaner.io.max.bytes.per.second}
 * @param backoffMs pause when nothing is to be cleaned, {@code log.cleaner.backoff.ms}
 */
public record CleanerSettings(
        int threads,
        long dedupeBufferSize,
        double ioBufferLoadFactor,
        int ioBufferSize,
        double ioMaxBytesPerSecond,
        long backoffMs) {
    /** Kafka's defaults. The map of keys only takes the memory it needs. */
    public static final CleanerSettings DEFAULTS =
            new CleanerSettings(1, 128L << 20, 0.9, 512 << 10, Double.MAX_VALUE, 15_000);

    private static final int MIN_BUFFER_BYTES = 8 << 10;
    private static final double MIN_LOAD_FACTOR = 0.01;

    KeyOffsets newKeyOffsets() {
        double loadFactor = Math.max(MIN_LOAD_FACTOR, Math.min(1, ioBufferLoadFactor));
        return new KeyOffsets(dedupeBufferSize / Math.max(1, threads), loadFactor);
    }

    /** Size of the buffer that one cleaning reads through, and of that which it writes through. */
    int bufferBytes() {
        return Math.max(MIN_BUFFER_BYTES, ioBufferSize / Math.max(1, threads) / 2);
    }
}
