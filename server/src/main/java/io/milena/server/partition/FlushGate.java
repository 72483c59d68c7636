package io.milena.server.partition;

import io.milena.log.LogSettings;
import io.milena.log.PartitionLog;
import io.milena.protocol.ErrorCode;
import io.milena.server.strand.Strand;
import io.milena.server.strand.Timeout;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a partition durable when {@code flush.messages} and {@code flush.ms} say so, and holds records back until then. Owned by the
 * partition's strand, which never blocks: a flush runs on a flush thread, one at a time for a partition.
 *
 * <p>An append that leaves {@code flush.messages} or more records unflushed demands a flush. From its first record on everything is held:
 * not acknowledged, not below the high watermark, not seen by consumers. Appends go on meanwhile, and what they demand is covered by the
 * next flush as a whole:
 *
 * <pre>
 *   flush thread   ├── flush up to 1 ──┤├──── flush up to 5 ────┤
 *   appends        1  2    3   4     5   6   7
 *   acknowledged                       1                         2 3 4 5
 * </pre>
 *
 * <p>With {@code flush.ms} a timer demands a flush that holds nothing back.
 */
final class FlushGate {
    private static final long NOTHING = Long.MAX_VALUE;

    private final PartitionLog log;
    private final Strand strand;
    private final PartitionContext context;
    private final Runnable onFlushed;
    private final Consumer<RuntimeException> onFailure;
    private final PendingAcks waiting = new PendingAcks();

    /** The first offset that is held back. */
    private long heldFrom = NOTHING;

    /** Whoever is held back waits for a flush of everything below this offset. */
    private long demanded;

    private boolean flushing;
    private int recoveries;

    /** The time of some records was over while a flush was under way that may not have met them. */
    private boolean overdue;

    private boolean closed;
    private @Nullable Timeout timer;

    /**
     * A gate that holds nothing back.
     *
     * @param onFlushed told, inside the strand, when less is held back than before
     * @param onFailure told, inside the strand, when the disk failed; what is held back stays so until the log is {@link #recovered}
     */
    FlushGate(
            PartitionLog log,
            Strand strand,
            PartitionContext context,
            Runnable onFlushed,
            Consumer<RuntimeException> onFailure) {
        this.log = log;
        this.strand = strand;
        this.context = context;
        this.onFlushed = onFlushed;
        this.onFailure = onFailure;
    }

    /** Up to where records may be seen by others. */
    long limit() {
        return Math.min(firstHeld(), log.logEndOffset());
    }

    /** Whatever made the log durable, a flush of this gate or the healing of the log, lets go. */
    private long firstHeld() {
        if (heldFrom != NOTHING && log.recoveryPoint() >= Math.min(demanded, log.logEndOffset())) {
            heldFrom = NOTHING;
        }
        return heldFrom;
    }

    /** Demands what the settings demand after an append. {@code from} is the first offset that was appended. */
    void appended(long from) {
        LogSettings settings = log.settings();
        if (settings.flushMessages() != Long.MAX_VALUE) {
            long covered = Math.max(Math.min(demanded, from), log.recoveryPoint());
            if (log.logEndOffset() - covered >= settings.flushMessages()) {
                heldFrom = Math.min(firstHeld(), from);
                demanded = log.logEndOffset();
                flushSoon();
            }
        }
        if (settings.flushMs() != Long.MAX_VALUE) {
            startTimer();
        }
    }

    /** Tells the waiter when nothing below an offset is held back any more: now, if that is so. */
    void await(long offset, Acknowledgement acknowledgement) {
        if (offset <= firstHeld()) {
            acknowledgement.committed();
        } else {
            waiting.add(offset, acknowledgement);
        }
    }

    /** Other settings are in force, for what is appended from now on and for the time that records wait. */
    void settingsChanged() {
        stopTimer();
        startTimer();
    }

    /** The log takes changes again, and all of it is durable. */
    void recovered() {
        recoveries++;
        closed = false;
        heldFrom = NOTHING;
        onFlushed.run();
        waiting.complete(heldFrom);
    }

    /** Gives up all who wait. */
    void abandon(ErrorCode error) {
        waiting.abandon(error);
    }

    /** Ends everything; a flush that is under way is not waited for. */
    void close() {
        closed = true;
        stopTimer();
    }

    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            overdue = false;
            int recoveriesBefore = recoveries;
            context.flushThreads().execute(() -> flush(recoveriesBefore));
        }
    }

    /** On a flush thread. */
    private void flush(int recoveriesBefore) {
        RuntimeException failure = null;
        long beganNanos = System.nanoTime();
        try {
            log.flush();
        } catch (RuntimeException e) {
            failure = e;
        }
        context.activity().flushed(System.nanoTime() - beganNanos);
        RuntimeException cause = failure;
        strand.execute(() -> ended(cause, recoveriesBefore));
    }

    /** What failed before the log recovered says nothing of it any more. */
    private void ended(@Nullable RuntimeException failure, int recoveriesBefore) {
        flushing = false;
        if (closed) {
            return;
        }
        boolean isOutdated = recoveries != recoveriesBefore && !log.isFailed();
        if (failure != null && !isOutdated) {
            stopTimer();
            onFailure.accept(failure);
            return;
        }
        if (firstHeld() != NOTHING) {
            heldFrom = Math.max(heldFrom, log.recoveryPoint());
            demanded = log.logEndOffset();
            flushSoon();
        } else if (overdue) {
            flushSoon();
        }
        onFlushed.run();
        waiting.complete(heldFrom);
        startTimer();
    }

    /** Lets records wait for {@code flush.ms} from now on, unless older ones wait or there are none. */
    private void startTimer() {
        long flushMs = log.settings().flushMs();
        if (timer == null && !closed && flushMs != Long.MAX_VALUE && isUnflushed()) {
            long delayMs = Math.max(flushMs, context.flushIntervalMs());
            timer = context.timers().schedule(delayMs, () -> strand.execute(this::timeIsOver));
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void timeIsOver() {
        timer = null;
        if (!closed && isUnflushed()) {
            overdue = true;
            flushSoon();
        }
    }

    private boolean isUnflushed() {
        return log.logEndOffset() > log.recoveryPoint();
    }
}
