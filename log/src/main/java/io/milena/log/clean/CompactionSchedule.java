package io.milena.log.clean;

import io.milena.log.LogException;
import io.milena.log.segment.DamagedSegmentException;
import io.milena.log.segment.SegmentGoneException;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans the logs of a broker, the filthiest first, some of them at the same time. Has no threads: the steps of a cleaning
 * run on the background executor, which others use between any two of them, and its swaps as the owner of the log. When
 * nothing is to be cleaned, it looks again after a pause. A log that cannot be cleaned is named once and left alone until it
 * is opened again, the others are cleaned; one whose disk fails is tried again after a pause.
 */
public final class CompactionSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionSchedule.class);

    /** How many steps in a row a cleaning does before others may use the thread. */
    private static final int STEPS_IN_A_ROW = 8;

    private final CompactionCandidates candidates;
    private final Executor background;
    private final Pauses betweenCleanings;
    private final Pauses betweenSteps;
    private final IoBudget budget;
    private volatile CleanerSettings settings;
    private volatile boolean closed;
    // Guarded by this.
    private boolean started;
    private int workers;
    private long compactions;
    private long bytesRead;
    private long bytesWritten;

    /** Runs tasks later. */
    @FunctionalInterface
    public interface Delay {
        /** Runs a task, which only hands on to an executor, once after a time. */
        void after(long ms, Runnable task);
    }

    /**
     * A schedule that is not started.
     *
     * @param logs all logs that are open now, in no order
     * @param clockMs a clock that never goes back
     */
    public CompactionSchedule(
            Supplier<? extends Collection<? extends Compactable>> logs,
            Executor background,
            Delay delay,
            LongSupplier clockMs,
            CleanerSettings settings) {
        this.candidates = new CompactionCandidates(logs);
        this.background = background;
        this.betweenCleanings = new Pauses(delay, background);
        this.betweenSteps = new Pauses(delay, background);
        this.budget = new IoBudget(clockMs);
        this.settings = settings;
    }

    /** Begins to look for logs to clean. */
    public synchronized void start() {
        started = true;
        addWorkers();
    }

    /** Puts other settings in force: for cleanings that begin from now on, but the rate and the pause at once. Any thread. */
    public void settings(CleanerSettings changed) {
        settings = changed;
        addWorkers();
        budget.forget();
        betweenCleanings.wake();
        betweenSteps.wake();
    }

    /** What was done so far, and what was found when it was looked last. Any thread. */
    public synchronized CompactionStatistics statistics() {
        return new CompactionStatistics(
                compactions,
                bytesRead,
                bytesWritten,
                candidates.maxDirtyRatio(),
                candidates.uncleanable().size());
    }

    private synchronized void addWorkers() {
        while (started && !closed && workers < settings.threads()) {
            workers++;
            background.execute(this::cleanFilthiest);
        }
    }

    private synchronized boolean isSuperfluous() {
        if (closed || workers > settings.threads()) {
            workers--;
            return true;
        }
        return false;
    }

    private void cleanFilthiest() {
        if (isSuperfluous()) {
            return;
        }
        CompactionCandidates.Candidate filthiest = candidates.takeFilthiest();
        if (filthiest == null) {
            pause();
        } else {
            filthiest.log().asOwner(() -> begin(filthiest));
        }
    }

    private void pause() {
        betweenCleanings.after(settings.backoffMs(), this::cleanFilthiest);
    }

    private void begin(CompactionCandidates.Candidate candidate) {
        Optional<Compaction> begun;
        try {
            begun = candidate.log().compaction(candidate.dirt(), settings);
        } catch (LogException e) {
            LOG.warn("event=compaction-not-begun log={} cause=\"{}\"", candidate.log(), e.toString());
            begun = Optional.empty();
        } catch (RuntimeException e) {
            candidates.leaveAlone(candidate.log(), e);
            begun = Optional.empty();
        }
        if (begun.isPresent()) {
            Cleaning cleaning = new Cleaning(candidate, begun.get());
            background.execute(cleaning::work);
        } else {
            candidates.giveBack(candidate.log());
            pause();
        }
    }

    /** One cleaning on its way; each of its methods runs alone. */
    private final class Cleaning {
        private final Compactable log;
        private final Dirt dirt;
        private final Compaction compaction;

        Cleaning(CompactionCandidates.Candidate candidate, Compaction compaction) {
            this.log = candidate.log();
            this.dirt = candidate.dirt();
            this.compaction = compaction;
        }

        void work() {
            try {
                for (int i = 0; i < STEPS_IN_A_ROW && isAtWork(); i++) {
                    long waitMs = budget.pay(compaction.work(), settings.ioMaxBytesPerSecond());
                    if (waitMs > 0) {
                        betweenSteps.after(waitMs, this::goOn);
                        return;
                    }
                }
                goOn();
            } catch (SegmentGoneException e) {
                LOG.debug("event=compaction-given-up log={} cause=\"{}\"", log, e.getMessage());
                end();
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                fail(e);
            }
        }

        private boolean isAtWork() {
            return !closed && compaction.next() == Compaction.Next.WORK;
        }

        private void goOn() {
            switch (closed ? Compaction.Next.END : compaction.next()) {
                case WORK -> background.execute(this::work);
                case SWAP -> log.asOwner(this::swap);
                case END -> end();
            }
        }

        private void swap() {
            try {
                compaction.swap();
                background.execute(this::work);
            } catch (IOException | RuntimeException e) {
                background.execute(() -> fail(e));
            }
        }

        private void fail(Throwable e) {
            if (e instanceof IOException && !(e instanceof DamagedSegmentException)) {
                LOG.warn("event=compaction-interrupted log={} cause=\"{}\"", log, e.toString());
            } else {
                candidates.leaveAlone(log, e);
            }
            end();
        }

        private void end() {
            try {
                compaction.close();
            } catch (IOException e) {
                LOG.warn("event=cleaned-files-left log={} cause=\"{}\"", log, e.toString());
            }
            candidates.giveBack(log);
            count(compaction);
            if (compaction.isFinished()) {
                LOG.info(
                        "event=compacted log={} fromOffset={} toOffset={} dirtyRatio={} bytesRead={} bytesWritten={}",
                        log,
                        dirt.firstDirtyOffset(),
                        compaction.cleanedUpTo(),
                        dirt.ratio(),
                        compaction.bytesRead(),
                        compaction.bytesWritten());
                cleanFilthiest();
            } else {
                pause();
            }
        }
    }

    private synchronized void count(Compaction ended) {
        compactions += ended.isFinished() ? 1 : 0;
        bytesRead += ended.bytesRead();
        bytesWritten += ended.bytesWritten();
    }

    /** Begins no more cleanings and lets those under way end with their next step, without effect. */
    @Override
    public void close() {
        closed = true;
        betweenCleanings.close();
        betweenSteps.close();
    }
}
