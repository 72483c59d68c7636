package io.milena.log;

import io.milena.log.batch.RecordBatch;
import io.milena.log.clean.CleanedLog;
import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.CleaningRange;
import io.milena.log.clean.CleaningRules;
import io.milena.log.clean.Compaction;
import io.milena.log.clean.Dirt;
import io.milena.log.producer.LastBatch;
import io.milena.log.producer.Producers;
import io.milena.log.segment.CleanedSegment;
import io.milena.log.segment.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The compacting side of a log: what there is to clean, and up to where it is clean. Changed by the owner. */
final class LogCleaning {
    private final Path directory;
    private final LogContext context;
    private final LogState state;
    private final SegmentChain chain;
    private volatile long firstDirtyOffset;
    private volatile boolean paused;

    LogCleaning(Path directory, LogContext context, LogState state, SegmentChain chain) {
        this.directory = directory;
        this.context = context;
        this.state = state;
        this.chain = chain;
        this.firstDirtyOffset = context.checkpoints().firstDirtyOffset(directory);
    }

    /** Below it no key is twice in the log. Any thread. */
    long firstDirtyOffset() {
        long noted = firstDirtyOffset;
        long start = state.logStartOffset();
        // An offset behind the end is that of a longer log, of which a crash cut the end.
        return noted < start || noted > state.logEndOffset() ? start : noted;
    }

    /** What there is to clean. Any thread; may read from the disk. */
    Optional<Dirt> dirt(long stableOffset, LogSettings settings) {
        if (paused || state.isClosed() || state.isFailed() || !settings.compacts()) {
            return Optional.empty();
        }
        Dirt.Lag lag = new Dirt.Lag(settings.minCompactionLagMs(), settings.maxCompactionLagMs());
        List<Segment> segments = state.segments().asList();
        try {
            return Optional.of(Dirt.in(segments, firstDirtyOffset(), stableOffset, lag, nowMs()));
        } catch (IOException e) {
            if (state.isClosed() || !state.segments().asList().equals(segments)) {
                return Optional.empty();
            }
            throw new LogException(LogError.STORAGE_ERROR, "Cannot look at the segments of " + directory, e);
        }
    }

    private long nowMs() {
        return context.clock().millis();
    }

    /** Begins to clean what was looked at, if it is still there. */
    Optional<Compaction> compaction(
            Dirt dirt, long lastStableOffset, Producers producers, LogSettings settings, CleanerSettings cleaner) {
        if (paused || state.isClosed() || state.isFailed() || !settings.compacts()) {
            return Optional.empty();
        }
        List<Segment> segments = state.segments().asList();
        long end = Math.min(dirt.firstUncleanableOffset(), lastStableOffset);
        int cleanable = 0;
        while (cleanable + 1 < segments.size()
                && segments.get(cleanable + 1).baseOffset() <= end
                && segments.get(cleanable).isPersisted()) {
            cleanable++;
        }
        CleaningRange range = new CleaningRange(segments, cleanable, firstDirtyOffset());
        if (range.isEmpty()) {
            return Optional.empty();
        }
        CleaningRules rules = new CleaningRules(
                settings.segmentBytes(), settings.segmentIndexBytes(), settings.deleteRetentionMs(), nowMs());
        CleanedLog log = new Cleaned(chain.recoveryPoint().cuts());
        return Optional.of(new Compaction(range, rules, lastOf(producers), log, cleaner));
    }

    /** Whether a batch is what the state of an active producer is known by: its last one, or a marker of its epoch. */
    private static Predicate<RecordBatch> lastOf(Producers producers) {
        Map<Long, LastBatch> last = producers.lastBatches();
        return batch -> {
            LastBatch lastBatch = last.get(batch.producerId());
            if (lastBatch == null) {
                return false;
            }
            return lastBatch.lastOffset() >= 0
                    ? lastBatch.lastOffset() == batch.lastOffset()
                    : batch.isControl() && lastBatch.producerEpoch() == batch.producerEpoch();
        };
    }

    /** While it is paused, what is under way ends without effect, and there is nothing to clean. */
    void compacting(Compacting wanted) {
        paused = wanted == Compacting.PAUSED;
    }

    /** Notes that the log was cut: what comes behind the cut is dirty. */
    void cutAt(long offset) {
        if (firstDirtyOffset > offset) {
            firstDirtyOffset = offset;
            context.background().execute(this::checkpoint);
        }
    }

    private void checkpoint() {
        context.checkpoints().firstDirtyOffset(directory, firstDirtyOffset);
    }

    private final class Cleaned implements CleanedLog {
        private final int cutsBefore;

        Cleaned(int cutsBefore) {
            this.cutsBefore = cutsBefore;
        }

        @Override
        public boolean isUncut() {
            return !paused
                    && !state.isClosed()
                    && !state.isFailed()
                    && chain.recoveryPoint().cuts() == cutsBefore;
        }

        @Override
        public boolean replace(List<Segment> sources, List<CleanedSegment> cleaned, long endOffset) throws IOException {
            return chain.replace(sources, cleaned, endOffset);
        }

        @Override
        public void cleanedUpTo(long offset) {
            firstDirtyOffset = offset;
            // Not for a log that was deleted: its name may be that of another one by then.
            context.background().execute(() -> {
                if (!state.isClosed()) {
                    checkpoint();
                }
            });
        }
    }
}
