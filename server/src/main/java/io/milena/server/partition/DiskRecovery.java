package io.milena.server.partition;

import io.milena.log.LogException;
import io.milena.log.PartitionLog;
import io.milena.server.storage.DiskErrors;
import io.milena.server.strand.Strand;
import io.milena.server.strand.Timeout;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a partition whose disk failed. Where the disk was only full, it takes records again when there is room: that is looked
 * for every now and then, seldom if it did not last the last time. Owned by the partition's strand; what blocks is brought there by a
 * flush thread.
 */
final class DiskRecovery {
    static final long FIRST_DELAY_MS = 250;
    static final long MAX_DELAY_MS = 5_000;

    /** A recovery that lasted as long was one. */
    static final long LASTING_MS = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(DiskRecovery.class);

    private final PartitionLog log;
    private final Strand strand;
    private final PartitionContext context;
    private final Availability availability;
    private final Runnable onRecovered;
    private long delayMs = FIRST_DELAY_MS;
    private long recoveredMs = Long.MIN_VALUE / 2;
    private boolean needed;
    private @Nullable Timeout timer;

    /** @param onRecovered told, inside the strand, when the log takes changes again and all of it is durable */
    DiskRecovery(
            PartitionLog log,
            Strand strand,
            PartitionContext context,
            Availability availability,
            Runnable onRecovered) {
        this.log = log;
        this.strand = strand;
        this.context = context;
        this.availability = availability;
        this.onRecovered = onRecovered;
    }

    /** Takes the partition out of service as far as needed; false if that was done before. */
    boolean failed(Partition partition, RuntimeException cause) {
        if (!availability.isOpen()) {
            return false;
        }
        IOException failure = log.failure().orElse(null);
        if (cause instanceof LogException && failure != null && context.disk().isFull(failure)) {
            availability.full();
            LOG.warn("disk full, no records are taken until it has room: log={}", log.directory());
            begin();
        } else {
            giveUp(partition, cause);
        }
        return true;
    }

    /** Takes the partition out of service for good. */
    void giveUp(Partition partition, RuntimeException cause) {
        end();
        availability.broken();
        LOG.error(
                "partition failed, no records are taken until the broker is started again: log={}",
                log.directory(),
                cause);
        context.disk().failed(partition);
    }

    /** The log lies on another disk, all of it durable. */
    void relocated() {
        end();
        availability.open();
        onRecovered.run();
    }

    private void begin() {
        needed = true;
        boolean lasted = context.timers().nowMs() - recoveredMs >= LASTING_MS;
        delayMs = lasted ? FIRST_DELAY_MS : Math.min(2 * delayMs, MAX_DELAY_MS);
        schedule();
    }

    /** Gives up. */
    void end() {
        needed = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void schedule() {
        timer = context.timers()
                .schedule(delayMs, () -> context.flushThreads().execute(() -> strand.execute(this::attempt)));
    }

    private void attempt() {
        if (!needed) {
            return;
        }
        if (context.disk().hasRoom() && recovers()) {
            end();
            recoveredMs = context.timers().nowMs();
            availability.open();
            LOG.info("disk has room again: log={}", log.directory());
            onRecovered.run();
        } else {
            delayMs = Math.min(2 * delayMs, MAX_DELAY_MS);
            schedule();
        }
    }

    private boolean recovers() {
        try {
            log.recoverFromFailure();
            return true;
        } catch (LogException e) {
            LOG.debug("partition not recovered: log={} reason=\"{}\"", log.directory(), DiskErrors.reason(e));
            return false;
        }
    }
}
