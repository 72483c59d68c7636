package io.milena.server.partition;

import io.milena.server.strand.Strand;
import io.milena.server.strand.Timers;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a slow disk from holding up network loops, which do the writes of a partition themselves as long as these only fill memory. After a
 * slow write the partition's strand runs on background threads; when no write was slow for a while, it comes home. Owned by the strand.
 */
final class WritePace {
    /** A write that takes that long held up every connection of a loop. */
    static final long SLOW_WRITE_MS = 100;

    /** How long all writes must be faster. */
    static final long PROBATION_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(WritePace.class);

    private final Strand strand;
    private final Timers timers;
    private final Executor background;
    private boolean away;
    private long lastSlowMs;

    WritePace(Strand strand, Timers timers, Executor background) {
        this.strand = strand;
        this.timers = timers;
        this.background = background;
    }

    /** Now, for {@link #wrote}. */
    long nowMs() {
        return timers.nowMs();
    }

    /** Notes a write that began at a time and ended now. */
    void wrote(long beganMs) {
        long nowMs = timers.nowMs();
        if (nowMs - beganMs >= SLOW_WRITE_MS) {
            lastSlowMs = nowMs;
            if (!away) {
                away = true;
                strand.moveTo(background);
                LOG.warn("disk is slow, leaving the network loop: partition={} writeMs={}", strand, nowMs - beganMs);
            }
        } else if (away && nowMs - lastSlowMs >= PROBATION_MS) {
            away = false;
            strand.comeHome();
            LOG.info("disk is fast again: partition={}", strand);
        }
    }
}
