package io.milena.log.clean;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One cleaning of one log, in small steps, so that it can wait or give way between any two of them:
 *
 * <pre>
 *   WORK ... WORK            reads the dirty part, notes the newest offset of each key
 *   (WORK ... WORK SWAP)*    group by group, writes what remains of some segments, and puts it in their place
 *   END
 * </pre>
 *
 * {@link #work} is for a background thread, {@link #swap} for the owner of the log, one call at a time, as {@link #next}
 * tells. If the map of keys is full before all dirty keys are in it, the rest of the log stays dirty and is the business
 * of the next cleaning. A log that was cut or closed in the meantime ends the cleaning. To be closed in any case.
 */
public final class Compaction implements AutoCloseable {
    private final CleaningRange range;
    private final CleaningRules rules;
    private final Predicate<RecordBatch> lastOfProducer;
    private final CleanedLog log;
    private final TransactionFates fates = new TransactionFates();
    private final KeyOffsets keys;
    private final GroupCleaner.Buffers buffers;
    private final KeyCollector collector;
    private final Queue<SegmentGroups.Group> groups = new ArrayDeque<>();
    private @Nullable BatchCleaner batchCleaner;
    private @Nullable GroupCleaner current;
    private volatile Next next = Next.WORK;
    private volatile boolean finished;
    private long bytesRead;
    private long bytesWritten;

    /** What is to be called next. */
    public enum Next {
        /** {@link #work}, on a background thread. */
        WORK,
        /** {@link #swap}, by the owner of the log. */
        SWAP,
        /** {@link #close} only. */
        END
    }

    /**
     * A cleaning of some segments.
     *
     * @param range not empty
     * @param lastOfProducer tells of a batch with a producer id whether it is the one that the producer's state is known by
     */
    public Compaction(
            CleaningRange range,
            CleaningRules rules,
            Predicate<RecordBatch> lastOfProducer,
            CleanedLog log,
            CleanerSettings settings) {
        this.range = range;
        this.rules = rules;
        this.lastOfProducer = lastOfProducer;
        this.log = log;
        this.keys = settings.newKeyOffsets();
        this.buffers = GroupCleaner.Buffers.of(settings.bufferBytes());
        this.collector = new KeyCollector(range, keys, buffers.read());
    }

    /** What is to be called next. */
    public Next next() {
        return next;
    }

    /**
     * Does a step's work: about one buffer of reading, and the writing of what remains of it.
     *
     * @return bytes moved
     * @throws IOException if the disk fails or the log is damaged, {@link io.milena.log.segment.DamagedSegmentException}
     */
    public long work() throws IOException {
        if (!log.isUncut()) {
            next = Next.END;
            return 0;
        }
        long before = bytesRead + bytesWritten;
        if (collector.isDone()) {
            cleanGroup();
        } else {
            collectKeys();
        }
        return bytesRead + bytesWritten - before;
    }

    private void collectKeys() throws IOException {
        bytesRead += collector.work();
        if (collector.isDone()) {
            batchCleaner = new BatchCleaner(keys, collector.mappedUpTo(), this::mustNotVanish, rules);
            groups.addAll(new SegmentGroups(range, rules).below(collector.mappedUpTo()));
        }
    }

    private boolean mustNotVanish(RecordBatch batch) {
        return batch.nextOffset() == range.endOffset() || (batch.hasProducer() && lastOfProducer.test(batch));
    }

    private void cleanGroup() throws IOException {
        GroupCleaner cleaner = current;
        if (cleaner == null) {
            cleaner = new GroupCleaner(range, groups.remove(), batchCleaner(), fates, buffers);
            current = cleaner;
        }
        long writtenBefore = cleaner.bytesWritten();
        bytesRead += cleaner.work();
        bytesWritten += cleaner.bytesWritten() - writtenBefore;
        if (cleaner.isComplete()) {
            next = Next.SWAP;
        }
    }

    private BatchCleaner batchCleaner() {
        if (batchCleaner == null) {
            throw new IllegalStateException("Keys are not collected");
        }
        return batchCleaner;
    }

    /**
     * Puts the segments that were cleaned last in the place of their sources; after the last ones, notes how far the log
     * is clean. Takes about as long as it takes to rename the files.
     *
     * @throws IOException if not even the first step was possible; the log is as it was
     * @throws io.milena.log.LogException if the disk fails at a later one, after which the log takes no changes
     */
    public void swap() throws IOException {
        GroupCleaner cleaner = current;
        if (cleaner == null || next != Next.SWAP) {
            throw new IllegalStateException("Nothing to swap");
        }
        next = Next.END;
        if (!log.isUncut()) {
            return;
        }
        // Once the swap was begun, the cleaned segments are the log's, whatever happens then.
        current = null;
        boolean replaced = false;
        try {
            replaced = log.replace(cleaner.sources(), cleaner.cleaned(), cleaner.endOffset());
        } catch (IOException e) {
            current = cleaner;
            throw e;
        }
        if (!replaced) {
            current = cleaner;
        } else if (groups.isEmpty()) {
            log.cleanedUpTo(collector.mappedUpTo());
            finished = true;
        } else {
            next = Next.WORK;
        }
    }

    /** Whether it came to its end; if not, some segments may be cleaned, but the log counts as dirty as before. */
    public boolean isFinished() {
        return finished;
    }

    /** The offset below which the log is clean once this cleaning is finished. */
    public long cleanedUpTo() {
        return collector.mappedUpTo();
    }

    /** Bytes read so far; the dirty part is read twice. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes written so far. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Gives the leases back and removes what did not become part of the log. On the thread that would do the next step. */
    @Override
    public void close() throws IOException {
        next = Next.END;
        collector.close();
        GroupCleaner unfinished = current;
        current = null;
        if (unfinished != null) {
            unfinished.discard();
        }
    }
}
