package io.milena.log.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The replacement of a run of segments by cleaned ones, step by step, so that after a crash at any step it can be finished
 * or was never begun. The names in the folder tell how far it came:
 *
 * <pre>
 *   000.log.cleaned ...            only these: the swap was not begun, they are removed
 *   000-500.swap                   it was begun: the segments from 0 to 500 are to be replaced
 *     and 000.log.cleaned, 000.log all of the old segments are still there: it is taken back
 *     and 000.log.cleaned          some of the old segments may still be there, all that are there are old
 *     and no 000.log.cleaned       the old ones are gone, what still has the suffix is to lose it
 * </pre>
 *
 * <p>The mark holds the end of the range, because a cleaned segment does not tell how far it reaches once its last batches
 * are gone, and an old segment that came back could bring back what was deleted. Relies on a file system that makes
 * changes of one folder durable in their order. Used by the owner of the log.
 */
public final class SegmentSwap {
    private final List<Segment> sources;
    private final List<CleanedSegment> cleaned;
    private final Path mark;

    /**
     * A swap that was not begun.
     *
     * @param sources neighbours in the log, sealed
     * @param cleaned complete, at least one, the first one with the base offset of the first source
     * @param endOffset base offset of the segment behind the sources
     */
    public SegmentSwap(List<Segment> sources, List<CleanedSegment> cleaned, long endOffset) {
        this.sources = sources;
        this.cleaned = cleaned;
        Segment first = sources.get(0);
        this.mark = FileNames.swapMark(first.place().directory(), first.baseOffset(), endOffset);
    }

    /** The point of no return. If this fails, nothing has changed. */
    public void begin() throws IOException {
        Files.createFile(mark);
    }

    /** Takes the old segments away and gives the new ones, which readers must be able to find by now, their names. */
    public void finish(Executor executor) throws IOException {
        for (Segment source : sources) {
            source.delete(executor);
        }
        for (CleanedSegment segment : cleaned) {
            segment.install();
        }
        Files.delete(mark);
    }

    /** Notes that the files have their names, after a swap that failed on the way was finished as after a crash. */
    public void finished() {
        for (Segment source : sources) {
            if (!source.file().isRetired()) {
                source.retire();
            }
        }
        cleaned.forEach(CleanedSegment::installed);
    }
}
