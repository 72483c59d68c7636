package io.milena.log;

import io.milena.log.recovery.AtomicFile;
import io.milena.log.recovery.LogMemory;
import io.milena.log.recovery.ProducerSnapshots;
import io.milena.log.recovery.UnfinishedSwaps;
import io.milena.log.segment.CleanedSegment;
import io.milena.log.segment.FileNames;
import io.milena.log.segment.Segment;
import io.milena.log.segment.SegmentSwap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes to a log's list of segments. Readers never wait for one: the new list is published first, then the segments
 * that are no longer in it are retired. Belongs to the owner of the log, but for {@link #flush}.
 */
final class SegmentChain {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentChain.class);

    private final Path directory;
    private final LogContext context;
    private final LogState state;
    private final LogMemory memory;
    private final RecoveryPoint recoveryPoint;
    // The active segment whose name and predecessors are known to be durable: only its file is to be forced.
    private volatile @Nullable Segment settled;
    private @Nullable SegmentSwap unfinishedSwap;
    // Not of the log any more, but their files may still be there.
    private List<Segment> undeleted = List.of();
    private volatile boolean folderIsDurable;

    SegmentChain(Path directory, LogContext context, LogState state, LogMemory memory) {
        this.directory = directory;
        this.context = context;
        this.state = state;
        this.memory = memory;
        this.recoveryPoint = new RecoveryPoint(knownDurable());
    }

    /** What was noted may be that of a longer log, of which a truncation took the end. */
    private long knownDurable() {
        LogContext.Checkpoints checkpoints = context.checkpoints();
        long end = checkpoints.cleanShutdown()
                ? state.logEndOffset()
                : state.active().baseOffset();
        return Math.min(checkpoints.recoveryPoint(directory), end);
    }

    RecoveryPoint recoveryPoint() {
        return recoveryPoint;
    }

    /** Seals the active segment and begins one at an offset; what is sealed is made durable in the background. */
    void roll(long baseOffset, LogSettings settings) throws IOException {
        Segment sealed = state.active();
        if (sealed.baseOffset() == baseOffset) {
            return;
        }
        sealed.complete();
        state.segments(state.segments().with(Segment.create(place(baseOffset, settings))));
        ProducerSnapshots.Taken snapshot = memory.snapshot(baseOffset);
        int cuts = recoveryPoint.cuts();
        context.background().execute(() -> flushInBackground(snapshot, cuts));
    }

    private Segment.Place place(long baseOffset, LogSettings settings) {
        return new Segment.Place(
                directory, baseOffset, context.openFiles(), settings.indexIntervalBytes(), context.damage());
    }

    private void flushInBackground(ProducerSnapshots.Taken snapshot, int cuts) {
        try {
            memory.write(snapshot);
            flushUpTo(snapshot.offset(), cuts);
        } catch (IOException e) {
            // A log that was deleted meanwhile has no folder any more.
            if (!state.isClosed()) {
                state.failBecause("Cannot make segments durable", e);
            }
        }
    }

    /**
     * Makes the sealed segments below an offset durable, oldest first. Any thread.
     *
     * @param cuts how often the log was cut when it reached that offset
     */
    private void flushUpTo(long offset, int cuts) throws IOException {
        SegmentList segments = state.segments();
        memory.flush();
        int first = segments.size() - 1;
        while (first > 0 && !segments.get(first - 1).isPersisted()) {
            first--;
        }
        for (int i = first; i < segments.size() - 1; i++) {
            segments.get(i).persist();
        }
        forceNames();
        recoveryPoint.flushed(offset, cuts);
    }

    /** Makes the names of the files durable, and that of the folder, which may be a new one. Any thread. */
    private void forceNames() throws IOException {
        AtomicFile.forceDirectory(directory);
        Path parent = directory.toAbsolutePath().getParent();
        if (!folderIsDurable && parent != null) {
            AtomicFile.forceDirectory(parent);
            folderIsDurable = true;
        }
    }

    /** Makes everything durable. Any thread. */
    void flush() throws IOException {
        int cuts = recoveryPoint.cuts();
        long end = state.logEndOffset();
        Segment active = state.active();
        if (settled == active) {
            memory.flush();
        } else {
            flushUpTo(active.baseOffset(), cuts);
            settled = active;
        }
        active.file().force();
        recoveryPoint.flushed(Math.min(end, active.end().nextOffset()), cuts);
    }

    /**
     * Makes everything durable, the indexes of the active segment and the producers, too. The last change. Costs nothing if
     * nothing was appended; epochs without records need not be kept.
     */
    void persist() throws IOException {
        long end = state.logEndOffset();
        if (recoveryPoint.offset() == end && state.segments().asList().stream().allMatch(Segment::isPersisted)) {
            return;
        }
        if (!memory.hasSnapshotAt(end)) {
            memory.write(memory.snapshot(end));
        }
        state.active().complete();
        for (Segment segment : state.segments().asList()) {
            segment.persist();
        }
        memory.flush();
        forceNames();
        recoveryPoint.flushed(end, recoveryPoint.cuts());
    }

    /**
     * Lets the log end at an offset, which must lie in it or at its end. What comes behind goes from the end on, and durably
     * before anything is written in its place: after a crash the log holds a beginning of what it held before, not less
     * than what it holds now.
     */
    void truncate(long offset, LogSettings settings) throws IOException {
        SegmentList before = state.segments();
        int place = before.floor(offset);
        Segment cut = before.get(place);
        notDurableBeyond(offset);
        Segment head = cut.headBelow(offset);
        List<Segment> kept = new ArrayList<>(before.asList().subList(0, place));
        kept.add(head);
        state.logEndOffset(offset);
        state.segments(new SegmentList(kept));
        recoveryPoint.cut(offset);
        deleteFromTheEnd(before.asList().subList(place + 1, before.size()), settings);
        boolean unread = cut.retire();
        head.deleteIndexes();
        memory.restore(kept, offset);
        forceNames();
        if (unread) {
            head.cutFile();
        } else {
            kept.set(place, head.copied());
            state.segments(new SegmentList(kept));
            head.retire();
            forceNames();
        }
    }

    /** Empties the log and lets it begin at an offset, durably. */
    void startAt(long offset, LogSettings settings) throws IOException {
        notDurableBeyond(offset);
        List<Segment> gone = state.segments().asList();
        Segment first = Segment.announced(place(offset, settings));
        state.logStartOffset(offset);
        state.logEndOffset(offset);
        state.segments(new SegmentList(List.of(first)));
        recoveryPoint.cut(offset);
        deleteFromTheEnd(gone, settings);
        FileNames.removeSegments(directory);
        memory.forget();
        first.file().createEmpty();
        forceNames();
    }

    /** In memory first, so that nobody notes the old recovery point afterwards. */
    private void notDurableBeyond(long offset) {
        recoveryPoint.cut(offset);
        context.checkpoints().recoveryPointAtMost(directory, offset);
    }

    private void deleteFromTheEnd(List<Segment> gone, LogSettings settings) throws IOException {
        for (int i = gone.size() - 1; i >= 0; i--) {
            gone.get(i).delete(context.backgroundAfter(settings.fileDeleteDelayMs()));
        }
    }

    /**
     * Takes the oldest segments away, but not the last one, nor those whose producers are not known on disk yet.
     *
     * @return how many
     */
    int deleteOldest(int wanted, LogSettings settings) throws IOException {
        SegmentList before = state.segments();
        int count = wanted;
        while (count > 0
                && memory.producers().size() > 0
                && !memory.hasSnapshotAt(before.get(count).baseOffset())) {
            count--;
        }
        if (count == 0) {
            return 0;
        }
        long start = before.get(count).baseOffset();
        if (start > state.logStartOffset()) {
            state.logStartOffset(start);
        }
        state.segments(before.from(count));
        delete(before.asList().subList(0, count), context.backgroundAfter(settings.fileDeleteDelayMs()));
        // Afterwards: a crash in between may keep the last of these segments, and that needs its snapshot.
        memory.startsAt(state.logStartOffset(), start);
        return count;
    }

    /**
     * Puts cleaned segments in the place of others.
     *
     * @param endOffset base offset of the segment behind the sources
     * @return false if one of the sources is gone; nothing is changed then
     * @throws IOException if the disk refused the first step; nothing is changed then either
     * @throws LogException if it refused a later one; {@link #finishSwap} or the next opening of the log finishes it
     */
    boolean replace(List<Segment> sources, List<CleanedSegment> cleaned, long endOffset) throws IOException {
        SegmentList before = state.segments();
        int place = before.placeOf(sources);
        if (place < 0) {
            return false;
        }
        List<Segment> replacement = new ArrayList<>();
        for (CleanedSegment segment : cleaned) {
            replacement.add(segment.segment());
        }
        SegmentSwap swap = new SegmentSwap(sources, cleaned, endOffset);
        swap.begin();
        state.segments(before.replaced(place, sources.size(), replacement));
        try {
            swap.finish(context.background());
        } catch (IOException e) {
            unfinishedSwap = swap;
            throw state.failBecause("Cannot swap cleaned segments in", e);
        }
        context.background().execute(() -> forgetSnapshots(sources, replacement));
        return true;
    }

    /** Finishes a swap that failed on its way, if there is one. */
    void finishSwap() throws IOException {
        SegmentSwap swap = unfinishedSwap;
        if (swap != null) {
            new UnfinishedSwaps(directory).finish();
            swap.finished();
            unfinishedSwap = null;
        }
    }

    /**
     * Gives up the records of a segment from an offset on, because they cannot be read any more. The log ends where it did;
     * if the segment was the active one, another begins there.
     */
    void giveUp(Segment segment, long fromOffset, LogSettings settings) throws IOException {
        SegmentList before = state.segments();
        if (before.active() == segment) {
            before = before.with(Segment.create(place(state.logEndOffset(), settings)));
        }
        int place = before.floor(segment.baseOffset());
        Segment head = segment.headBelow(fromOffset);
        head.complete();
        state.segments(before.replaced(place, 1, List.of(head)));
        recoveryPoint.cut(fromOffset);
        boolean unread = segment.retire();
        head.deleteIndexes();
        if (unread) {
            head.cutFile();
        } else {
            state.segments(before.replaced(place, 1, List.of(head.copied())));
            head.retire();
        }
    }

    /** Removes the snapshots of segments that are no more, so that they do not pile up. */
    private void forgetSnapshots(List<Segment> gone, List<Segment> replacement) {
        Set<Long> offsets = new TreeSet<>();
        gone.forEach(segment -> offsets.add(segment.baseOffset()));
        replacement.forEach(segment -> offsets.remove(segment.baseOffset()));
        try {
            memory.forgetSnapshots(offsets);
        } catch (IOException e) {
            LOG.warn("event=snapshots-left log={} cause=\"{}\"", directory, e.toString());
        }
    }

    private void delete(List<Segment> segments, Executor executor) throws IOException {
        for (int i = 0; i < segments.size(); i++) {
            try {
                segments.get(i).delete(executor);
            } catch (IOException e) {
                undeleted = segments.subList(i, segments.size());
                segments.subList(i + 1, segments.size()).forEach(Segment::retire);
                throw e;
            }
        }
    }

    /** Removes the files of segments that left the log when the disk failed: a restart would take them for its start. */
    void finishDeletion() throws IOException {
        for (Segment segment : undeleted) {
            for (String kind : FileNames.SEGMENT_KINDS) {
                Files.deleteIfExists(FileNames.of(directory, segment.baseOffset(), kind));
            }
        }
        undeleted = List.of();
    }

    void close() {
        state.close();
        memory.close();
        for (Segment segment : state.segments().asList()) {
            segment.retire();
        }
    }
}
