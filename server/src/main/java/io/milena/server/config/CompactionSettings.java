package io.milena.server.config;

/** Settings of the compaction of logs that all topics share. */
public final class CompactionSettings {
    private final BrokerSettings settings;

    CompactionSettings(BrokerSettings settings) {
        this.settings = settings;
    }

    /** How many logs are compacted at the same time; 0 if compaction is switched off. */
    public int threads() {
        return settings.bool("log.cleaner.enable") ? settings.integer("log.cleaner.threads") : 0;
    }

    /** Most bytes of the maps of keys of all compactions together. */
    public long dedupeBufferSize() {
        return settings.longInteger("log.cleaner.dedupe.buffer.size");
    }

    /** How full a map of keys may get, from 0 to 1. */
    public double ioBufferLoadFactor() {
        return settings.real("log.cleaner.io.buffer.load.factor");
    }

    /** Bytes of the buffers of all compactions together. */
    public int ioBufferSize() {
        return settings.integer("log.cleaner.io.buffer.size");
    }

    /** Most bytes that compaction reads and writes in a second. */
    public double ioMaxBytesPerSecond() {
        return settings.real("log.cleaner.io.max.bytes.per.second");
    }

    /** Pause when nothing is to be compacted, in ms. */
    public long backoffMs() {
        return settings.longInteger("log.cleaner.backoff.ms");
    }
}
