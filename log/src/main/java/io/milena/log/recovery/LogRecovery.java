package io.milena.log.recovery;

import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.FileNames;
import io.milena.log.segment.OpenFiles;
import io.milena.log.segment.Segment;
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
    private boolean namesChanged;

    /** A recovery of one folder into a memory that was just read from its files. */
    public LogRecovery(FolderContent folder, OpenFiles openFiles, int indexIntervalBytes, LogMemory memory) {
        this.directory = folder.directory();
        this.folder = folder;
        this.openFiles = openFiles;
        this.indexIntervalBytes = indexIntervalBytes;
        this.memory = memory;
    }

    /** The segments of a log that was closed properly, at least one. */
    public List<Segment> afterCleanStop(long logStartOffset) throws IOException {
        List<Long> baseOffsets = clearedFolder();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < baseOffsets.size(); i++) {
            Segment.Place place = place(baseOffsets.get(i));
            if (folder.has(place.baseOffset(), FileNames.ABORTED) && !SegmentRepair.hasSoundAborted(place)) {
                LOG.warn("event=transaction-index-wrong file={}", path(place));
                return afterUncleanStop(logStartOffset, baseOffsets.get(i));
            }
            boolean last = i == baseOffsets.size() - 1;
            segments.add(last ? SegmentRepair.active(place) : Segment.existing(place, baseOffsets.get(i + 1)));
        }
        List<Segment> kept = notBefore(logStartOffset, segments);
        memory.restore(kept, endOf(kept));
        return kept;
    }

    /**
     * The segments of a log that may have been cut short at any byte, at least one.
     *
     * @param recoveryPoint offset below which nothing needs to be checked
     */
    public List<Segment> afterUncleanStop(long logStartOffset, long recoveryPoint) throws IOException {
        List<Long> baseOffsets = clearedFolder();
        List<Segment> segments = new ArrayList<>();
        int sound = 0;
        while (sound + 1 < baseOffsets.size()
                && baseOffsets.get(sound + 1) <= recoveryPoint
                && SegmentRepair.wasPersisted(place(baseOffsets.get(sound)))) {
            segments.add(Segment.existing(place(baseOffsets.get(sound)), baseOffsets.get(sound + 1)));
            sound++;
        }
        if (sound < baseOffsets.size()) {
            memory.restore(segments, baseOffsets.get(sound));
            check(baseOffsets.subList(sound, baseOffsets.size()), segments);
        }
        List<Segment> kept = notBefore(logStartOffset, segments);
        if (memory.cut(endOf(kept)) || namesChanged) {
            // What was removed must not come back and be taken for what was appended in its place, and what was made
            // durable must have a name.
            AtomicFile.forceDirectory(directory);
        }
        return kept;
    }

    private void check(List<Long> baseOffsets, List<Segment> segments) throws IOException {
        boolean damaged = false;
        boolean wasPersisted = true;
        for (Long baseOffset : baseOffsets) {
            Segment.Place place = place(baseOffset);
            if (damaged || !follows(segments, baseOffset, wasPersisted)) {
                damaged = true;
                remove(place);
                continue;
            }
            wasPersisted = SegmentRepair.wasPersisted(place);
            memory.anchor(baseOffset, segments.isEmpty());
            int size = SegmentRepair.sizeOf(path(place));
            List<AbortedTransaction> aborted = new ArrayList<>();
            Segment segment = SegmentRepair.recovered(place, batch -> memory.replay(batch, aborted));
            aborted.forEach(segment::aborted);
            damaged = segment.sizeInBytes() < size;
            namesChanged |= damaged;
            if (!baseOffset.equals(baseOffsets.get(baseOffsets.size() - 1)) && !damaged) {
                segment.complete();
                // Before the index says that the segment need not be looked at.
                memory.flush();
                segment.persist();
                namesChanged = true;
            }
            segments.add(segment);
        }
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
        LOG.warn("event=segment-removed file={}", path(place));
        namesChanged = true;
        for (String kind : FileNames.SEGMENT_KINDS) {
            Files.deleteIfExists(FileNames.of(directory, place.baseOffset(), kind));
        }
    }

    private static Path path(Segment.Place place) {
        return FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG);
    }

    private Segment.Place place(long baseOffset) {
        return new Segment.Place(directory, baseOffset, openFiles, indexIntervalBytes);
    }

    /** Removes what an earlier stop left half done, and gives the base offsets of the segments in ascending order. */
    private List<Long> clearedFolder() throws IOException {
        FolderContent content = folder;
        if (content.hasAny(FileNames.SWAP)) {
            new KafkaSwaps(content).finish();
            new UnfinishedSwaps(directory).finish();
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
