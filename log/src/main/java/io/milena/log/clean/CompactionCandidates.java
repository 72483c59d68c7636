package io.milena.log.clean;

import io.milena.log.LogException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which logs may be cleaned now: all that are open, but for those somebody cleans already and those that could not be
 * cleaned for a reason that will not pass by itself. Any thread.
 */
final class CompactionCandidates {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionCandidates.class);

    private final Supplier<? extends Collection<? extends Compactable>> logs;
    // Guarded by this.
    private final Set<Compactable> inProgress = new HashSet<>();
    private final Set<Compactable> uncleanable = new HashSet<>();
    private volatile double maxDirtyRatio;

    CompactionCandidates(Supplier<? extends Collection<? extends Compactable>> logs) {
        this.logs = logs;
    }

    record Candidate(Compactable log, Dirt dirt) {}

    /** The filthiest of the logs that are worth it, to be given back; null if there is none. */
    @Nullable
    Candidate takeFilthiest() {
        Candidate filthiest = null;
        double max = 0;
        Collection<? extends Compactable> all = logs.get();
        forgetAllBut(all);
        for (Compactable log : all) {
            Dirt dirt = isFree(log) ? dirtOf(log) : null;
            if (dirt == null) {
                continue;
            }
            max = Math.max(max, dirt.ratio());
            if (isWorthIt(log, dirt)
                    && (filthiest == null || dirt.ratio() > filthiest.dirt().ratio())) {
                filthiest = new Candidate(log, dirt);
            }
        }
        maxDirtyRatio = max;
        return filthiest != null && take(filthiest.log()) ? filthiest : null;
    }

    private static boolean isWorthIt(Compactable log, Dirt dirt) {
        return dirt.isWorthCleaning(log.minDirtyRatio());
    }

    private @Nullable Dirt dirtOf(Compactable log) {
        try {
            return log.dirt().orElse(null);
        } catch (LogException e) {
            LOG.warn("event=dirt-unknown log={} cause=\"{}\"", log, e.toString());
            return null;
        } catch (RuntimeException e) {
            leaveAlone(log, e);
            return null;
        }
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

    synchronized void giveBack(Compactable log) {
        inProgress.remove(log);
    }

    /** Notes that a log cannot be cleaned, and names it. */
    void leaveAlone(Compactable log, Throwable why) {
        synchronized (this) {
            uncleanable.add(log);
        }
        LOG.error("event=log-uncleanable log={}", log, why);
    }

    synchronized Set<Compactable> uncleanable() {
        return Set.copyOf(uncleanable);
    }

    /** Share of the filthiest free log when they were looked at last, whether it was worth a cleaning or not. */
    double maxDirtyRatio() {
        return maxDirtyRatio;
    }
}
