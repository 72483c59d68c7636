package io.milena.log.clean;

import io.milena.log.LogException;
import io.milena.log.segment.DamagedSegmentException;
import io.milena.log.segment.SegmentGoneException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans the logs of a broker, the filthiest first, some of them at the same time. Has no threads: the steps of a cleaning
 * run on the background executor, which others use between any two of them, and its swaps as the owner of the log. When
 * nothing is to be cleaned, it looks again after a pause. A log that cannot be cleaned is left alone until it is opened
 * again; one whose disk fails is tried again after a pause.
 */
public final class CompactionSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionSchedule.class);

    /** How many steps in a row a cleaning does before others may use the thread. */
    private static final int STEPS_IN_A_ROW = 8;

    private final Supplier<? extends Collection<? extends Compactable>> logs;
    private final Executor background;
    private final Delay delay;
    private final IoBudget budget;
    private volatile CleanerSettings settings;
    private volatile boolean closed;
    // Guarded by this.
    private final Set<Compactable> inProgress = new HashSet<>();
    private final Set<Compactable> uncleanable = new HashSet<>();
    private final Set<Cleaning> waiting = new HashSet<>();
    private int workers;

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
        this.logs = logs;
        this.background = background;
        this.delay = delay;
        this.budget = new IoBudget(clockMs);
        this.settings = settings;
    }

    /** Begins to look for logs to clean. */
    public void start() {
        addWorkers();
    }

    /** Puts other settings in force: for cleanings that begin from now on, but the rate at once. */
    public void settings(CleanerSettings changed) {
        settings = changed;
        addWorkers();
    }

    private synchronized void addWorkers() {
        while (workers < settings.threads()) {
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
        Candidate filthiest = filthiest();
        if (filthiest == null) {
            pause();
        } else {
            filthiest.log().asOwner(() -> begin(filthiest));
        }
    }

    private void pause() {
        if (!closed) {
            delay.after(settings.backoffMs(), () -> {
                if (!closed) {
                    background.execute(this::cleanFilthiest);
                }
            });
        }
    }

    private record Candidate(Compactable log, Dirt dirt) {}

    private @Nullable Candidate filthiest() {
        Candidate filthiest = null;
        Collection<? extends Compactable> all = logs.get();
        forgetAllBut(all);
        for (Compactable log : all) {
            Dirt dirt = isFree(log) ? dirtOf(log) : null;
            if (dirt != null
                    && (filthiest == null || dirt.ratio() > filthiest.dirt().ratio())) {
                filthiest = new Candidate(log, dirt);
            }
        }
        return filthiest != null && take(filthiest.log()) ? filthiest : null;
    }

    private synchronized void forgetAllBut(Collection<? extends Compactable> open) {
        if (!uncleanable.isEmpty()) {
            uncleanable.retainAll(new HashSet<>(open));
        }
    }

    private synchronized boolean isFree(Compactable log) {
        return !inProgress.contains(log) && !uncleanable.contains(log);
    }

    private synchronized boolean take(Compactable log) {
        return inProgress.add(log);
    }

    private @Nullable Dirt dirtOf(Compactable log) {
        try {
            return log.dirt()
                    .filter(dirt -> dirt.isWorthCleaning(log.minDirtyRatio()))
                    .orElse(null);
        } catch (LogException e) {
            LOG.warn("event=dirt-unknown log={} cause=\"{}\"", log, e.toString());
            return null;
        }
    }

    private void begin(Candidate candidate) {
        Optional<Compaction> begun;
        try {
            begun = candidate.log().compaction(candidate.dirt(), settings);
        } catch (LogException e) {
            LOG.warn("event=compaction-not-begun log={} cause=\"{}\"", candidate.log(), e.toString());
            begun = Optional.empty();
        }
        if (begun.isPresent()) {
            Cleaning cleaning = new Cleaning(candidate, begun.get());
            background.execute(cleaning::work);
        } else {
            giveBack(candidate.log());
            pause();
        }
    }

    private synchronized void giveBack(Compactable log) {
        inProgress.remove(log);
    }

    /** One cleaning on its way; each of its methods runs alone. */
    private final class Cleaning {
        private final Compactable log;
        private final Dirt dirt;
        private final Compaction compaction;

        Cleaning(Candidate candidate, Compaction compaction) {
            this.log = candidate.log();
            this.dirt = candidate.dirt();
            this.compaction = compaction;
        }

        void work() {
            try {
                for (int i = 0; i < STEPS_IN_A_ROW && isAtWork(); i++) {
                    long waitMs = budget.pay(compaction.work(), settings.ioMaxBytesPerSecond());
                    if (waitMs > 0) {
                        goOnAfter(waitMs);
                        return;
                    }
                }
                goOn();
            } catch (SegmentGoneException e) {
                LOG.debug("event=compaction-given-up log={} cause=\"{}\"", log, e.getMessage());
                end();
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        private boolean isAtWork() {
            return !closed && compaction.next() == Compaction.Next.WORK;
        }

        private void goOnAfter(long waitMs) {
            synchronized (CompactionSchedule.this) {
                waiting.add(this);
            }
            delay.after(closed ? 0 : waitMs, this::stopWaiting);
        }

        private void stopWaiting() {
            synchronized (CompactionSchedule.this) {
                if (!waiting.remove(this)) {
                    return;
                }
            }
            background.execute(this::goOn);
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

        private void fail(Exception e) {
            boolean mayPass = e instanceof IOException && !(e instanceof DamagedSegmentException);
            LOG.warn("event=compaction-failed log={} triedAgain={}", log, mayPass, e);
            if (!mayPass) {
                synchronized (CompactionSchedule.this) {
                    uncleanable.add(log);
                }
            }
            end();
        }

        private void end() {
            try {
                compaction.close();
            } catch (IOException e) {
                LOG.warn("event=cleaned-files-left log={} cause=\"{}\"", log, e.toString());
            }
            giveBack(log);
            if (compaction.isFinished()) {
                LOG.info(
                        "event=compacted log={} fromOffset={} toOffset={} dirtyRatio={} bytesMoved={}",
                        log,
                        dirt.firstDirtyOffset(),
                        compaction.cleanedUpTo(),
                        dirt.ratio(),
                        compaction.bytesMoved());
                cleanFilthiest();
            } else {
                pause();
            }
        }
    }

    /** Begins no more cleanings and lets those under way end with their next step, without effect. */
    @Override
    public void close() {
        closed = true;
        List<Cleaning> late;
        synchronized (this) {
            late = List.copyOf(waiting);
        }
        late.forEach(Cleaning::stopWaiting);
    }
}
