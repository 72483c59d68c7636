package io.milena.log.recovery;

import io.milena.log.Damage;
import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.FileNames;
import io.milena.log.segment.OpenFiles;
import io.milena.log.segment.Segment;
import io.milena.log.segment.SegmentMarkers;
import io.milena.log.segment.SegmentRepair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what lies in a partition's folder into segments, and what is to be remembered of them: producers and leader
 * epochs. After a clean stop only the end of the last segment is looked at. After an unclean one every batch from the
 * recovery point on is checked; the first damage ends the log, and whatever lies behind it is removed. Doing it twice is
 * doing it once. Used once, by the thread that opens the log.
 */
public final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private final Path directory;
    private final FolderContent folder;
    private final OpenFiles openFiles;
    private final int indexIntervalBytes;
    private final LogMemory memory;
    private final Damage.Listener damage;
    private boolean namesChanged;
    // Whether the last segment of the log lost its end.
    private boolean endCut;

    /** A recovery of one folder into a memory that was just read from its files. */
    public LogRecovery(
            FolderContent folder,
            OpenFiles openFiles,
            int indexIntervalBytes,
            LogMemory memory,
            Damage.Listener damage) {
        this.directory = folder.directory();
        this.folder = folder;
        this.openFiles = openFiles;
        this.indexIntervalBytes = indexIntervalBytes;
        this.memory = memory;
        this.damage = damage;
    }

    /**
     * The segments of a log that was closed properly, at least one.
     *
     * @param recoveryPoint where it ended
     */
    public List<Segment> afterCleanStop(long logStartOffset, long recoveryPoint) throws IOException {
        List<Long> baseOffsets = clearedFolder();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < baseOffsets.size(); i++) {
            Segment.Place place = place(baseOffsets.get(i));
            boolean last = i == baseOffsets.size() - 1;
            boolean aborts = folder.has(place.baseOffset(), FileNames.ABORTED);
            boolean sound = !aborts || SegmentRepair.hasSoundAborted(place);
            if (sound) {
                Segment found = last ? active(place, recoveryPoint) : Segment.existing(place, baseOffsets.get(i + 1));
                sound = !aborts || SegmentMarkers.agree(found);
                segments.add(found);
            }
            if (!sound) {
                reportTransactionIndex(place);
                return checked(baseOffsets, logStartOffset, new Trust(place.baseOffset(), Long.MAX_VALUE));
            }
        }
        boolean reachesStart = !segments.isEmpty();
        List<Segment> kept =
                notBefore(reachesStart ? Math.min(logStartOffset, endOf(segments)) : logStartOffset, segments);
        memory.restore(kept, endOf(kept));
        return endCut ? goingOnAt(recoveryPoint, kept) : kept;
    }

    private void reportTransactionIndex(Segment.Place place) {
        damage.found(Damage.of(
                Damage.Kind.TRANSACTION_INDEX,
                FileNames.of(directory, place.baseOffset(), FileNames.ABORTED),
                "built anew from the data"));
    }

    private Segment active(Segment.Place place, long recoveryPoint) throws IOException {
        SegmentRepair.Repaired active = SegmentRepair.active(place, recoveryPoint);
        endCut = active.lostEnd();
        return active.segment();
    }

    /**
     * The segments of a log that may have been cut short at any byte, at least one.
     *
     * @param recoveryPoint offset below which nothing needs to be checked
     */
    public List<Segment> afterUncleanStop(long logStartOffset, long recoveryPoint) throws IOException {
        List<Segment> kept = checked(clearedFolder(), logStartOffset, new Trust(recoveryPoint, recoveryPoint));
        return endCut ? goingOnAt(recoveryPoint, kept) : kept;
    }

    /**
     * What is believed without a look at it.
     *
     * @param sealedUpTo segments up to here are sound if their indexes are there
     * @param durableUpTo what lies below cannot be torn, only damaged
     */
    private record Trust(long sealedUpTo, long durableUpTo) {}

    private List<Segment> checked(List<Long> baseOffsets, long logStartOffset, Trust trust) throws IOException {
        List<Segment> segments = new ArrayList<>();
        int sound = 0;
        while (sound + 1 < baseOffsets.size()
                && baseOffsets.get(sound + 1) <= trust.sealedUpTo()
                && SegmentRepair.wasPersisted(place(baseOffsets.get(sound)))) {
            Segment found = Segment.existing(place(baseOffsets.get(sound)), baseOffsets.get(sound + 1));
            if (folder.has(found.baseOffset(), FileNames.ABORTED) && !SegmentMarkers.agree(found)) {
                reportTransactionIndex(found.place());
                break;
            }
            segments.add(found);
            sound++;
        }
        if (sound < baseOffsets.size()) {
            memory.restore(segments, baseOffsets.get(sound));
            check(baseOffsets.subList(sound, baseOffsets.size()), segments, trust.durableUpTo());
        }
        List<Segment> kept = notBefore(logStartOffset, segments);
        if (memory.cut(endOf(kept)) || namesChanged) {
            // What was removed must not come back and be taken for what was appended in its place, and what was made
            // durable must have a name.
            AtomicFile.forceDirectory(directory);
        }
        return kept;
    }

    private void check(List<Long> baseOffsets, List<Segment> segments, long durableUpTo) throws IOException {
        boolean ended = false;
        boolean wasPersisted = true;
        for (Long baseOffset : baseOffsets) {
            Segment.Place place = place(baseOffset);
            if (ended || !follows(segments, baseOffset, wasPersisted || baseOffset <= durableUpTo)) {
                ended = true;
                remove(place);
                continue;
            }
            wasPersisted = SegmentRepair.wasPersisted(place);
            memory.anchor(baseOffset, segments.isEmpty());
            List<AbortedTransaction> aborted = new ArrayList<>();
            SegmentRepair.Repaired repaired =
                    SegmentRepair.recovered(place, durableUpTo, batch -> memory.replay(batch, aborted));
            Segment segment = repaired.segment();
            aborted.forEach(segment::aborted);
            boolean last = baseOffset.equals(baseOffsets.get(baseOffsets.size() - 1));
            endCut |= repaired.lostEnd();
            namesChanged |= endCut;
            // A damaged end of a segment that is followed by durable ones does not cost those.
            ended = endCut && (last || following(baseOffsets, baseOffset) > durableUpTo);
            segments.add(segment);
            // One whose end got lost must not look as if it was durable: were the process to die now, the gap would be
            // believed.
            if (!last && !ended && follows(segments, baseOffsets, durableUpTo, wasPersisted)) {
                segment.complete();
                // Before the index says that the segment need not be looked at.
                memory.flush();
                segment.persist();
                namesChanged = true;
            } else {
                // It will grow, and what its indexes prove is gone with the first batch that is added.
                segment.deleteIndexes();
            }
        }
    }

    private static boolean follows(
            List<Segment> segments, List<Long> baseOffsets, long durableUpTo, boolean wasPersisted) {
        long next = following(baseOffsets, segments.get(segments.size() - 1).baseOffset());
        return follows(segments, next, wasPersisted || next <= durableUpTo);
    }

    private static long following(List<Long> baseOffsets, Long baseOffset) {
        return baseOffsets.get(baseOffsets.indexOf(baseOffset) + 1);
    }

    /** The offsets of a durable end that is damaged are not used again: the log goes on behind them. */
    private List<Segment> goingOnAt(long recoveryPoint, List<Segment> segments) throws IOException {
        Segment last = segments.get(segments.size() - 1);
        if (last.end().nextOffset() >= recoveryPoint || last.baseOffset() == recoveryPoint) {
            return segments;
        }
        damage.found(new Damage(
                Damage.Kind.RECORDS,
                path(last.place()),
                last.sizeInBytes(),
                last.end().nextOffset(),
                recoveryPoint,
                "given up, their offsets are not used again"));
        last.complete();
        memory.flush();
        last.persist();
        List<Segment> all = new ArrayList<>(segments);
        all.add(Segment.create(place(recoveryPoint)));
        AtomicFile.forceDirectory(directory);
        return all;
    }

    private static long endOf(List<Segment> segments) {
        return segments.get(segments.size() - 1).end().nextOffset();
    }

    /**
     * Whether a segment can follow the others. It begins where they end, unless something between them was compacted away
     * or given up, and then the one before it is durable; else its end got lost.
     */
    private static boolean follows(List<Segment> segments, long baseOffset, boolean wasPersisted) {
        long end = segments.isEmpty()
                ? baseOffset
                : segments.get(segments.size() - 1).end().nextOffset();
        return end == baseOffset || (end < baseOffset && wasPersisted);
    }

    /** Keeps the segments if they reach the start of the log, else starts anew there. */
    private List<Segment> notBefore(long logStartOffset, List<Segment> segments) throws IOException {
        if (!segments.isEmpty() && segments.get(segments.size() - 1).end().nextOffset() >= logStartOffset) {
            return segments;
        }
        for (Segment segment : segments) {
            segment.retire();
            remove(segment.place());
        }
        if (!segments.isEmpty() || memory.isAnySnapshot()) {
            memory.forget();
            memory.flush();
            namesChanged = true;
        }
        return List.of(Segment.create(place(logStartOffset)));
    }

    private void remove(Segment.Place place) throws IOException {
        int size = SegmentRepair.sizeOf(path(place));
        if (size > 0) {
            String action = "segment of " + size + " bytes removed";
            damage.found(new Damage(Damage.Kind.END_OF_LOG, path(place), 0, place.baseOffset(), -1, action));
        }
        namesChanged = true;
        for (String kind : FileNames.SEGMENT_KINDS) {
            Files.deleteIfExists(FileNames.of(directory, place.baseOffset(), kind));
        }
    }

    private static Path path(Segment.Place place) {
        return FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG);
    }

    private Segment.Place place(long baseOffset) {
        return new Segment.Place(directory, baseOffset, openFiles, indexIntervalBytes, damage);
    }

    /** Removes what an earlier stop left half done, and gives the base offsets of the segments in ascending order. */
    private List<Long> clearedFolder() throws IOException {
        FolderContent content = folder;
        if (content.hasAny(FileNames.SWAP)) {
            new KafkaSwaps(content).finish();
            new UnfinishedSwaps(directory).settle();
            content = FolderContent.of(directory);
        }
        NavigableSet<Long> baseOffsets = content.offsets(FileNames.LOG);
        for (String name : content.names()) {
            if (isLeftover(name, baseOffsets)) {
                reportMissing(name, baseOffsets);
                Files.deleteIfExists(directory.resolve(name));
            }
        }
        return new ArrayList<>(baseOffsets);
    }

    /** An index between segments tells that there was one more: somebody deleted it, if it was not a crash that cut its deletion short. */
    private void reportMissing(String name, NavigableSet<Long> baseOffsets) {
        OptionalLong offset = FileNames.offsetIn(name, FileNames.OFFSET_INDEX);
        if (offset.isPresent()
                && baseOffsets.lower(offset.getAsLong()) != null
                && baseOffsets.higher(offset.getAsLong()) != null) {
            LOG.warn("event=segment-missing log={} baseOffset={}", directory, offset.getAsLong());
        }
    }

    private static boolean isLeftover(String name, Set<Long> baseOffsets) {
        if (name.endsWith(FileNames.DELETED)
                || name.endsWith(FileNames.TEMPORARY)
                || name.endsWith(FileNames.CLEANED)) {
            return true;
        }
        for (String kind : FileNames.SEGMENT_KINDS) {
            OptionalLong offset = FileNames.offsetIn(name, kind);
            if (offset.isPresent()) {
                return !baseOffsets.contains(offset.getAsLong());
            }
        }
        return false;
    }
}
