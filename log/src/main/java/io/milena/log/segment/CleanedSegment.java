package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A sealed segment in the making: what cleaning leaves of others, in files with a suffix of their own. Written and
 * completed by one background thread at a time; {@link SegmentSwap} then makes it part of the log.
 */
public final class CleanedSegment {
    private final Segment.Place place;
    private final Path temporary;
    private final FileChannel channel;
    private final ByteBuffer buffer;
    private final SegmentIndexes indexes;
    // Bytes in the file; those in the buffer come behind.
    private int written;
    private int lastBatchPosition = -1;
    private int lastBatchOffsetDelta;
    private long lastBatchNextOffset;
    private @Nullable Segment segment;
    private boolean installed;

    private CleanedSegment(Segment.Place place, Path temporary, FileChannel channel, ByteBuffer buffer) {
        this.place = place;
        this.temporary = temporary;
        this.channel = channel;
        this.buffer = buffer;
        this.indexes = new SegmentIndexes(place.baseOffset());
        this.lastBatchNextOffset = place.baseOffset();
    }

    /**
     * An empty one.
     *
     * @param buffer what is written through, empty; the segment's alone until it is complete
     */
    public static CleanedSegment create(Segment.Place place, ByteBuffer buffer) throws IOException {
        Path temporary = FileNames.of(place.directory(), place.baseOffset(), FileNames.LOG + FileNames.CLEANED);
        FileChannel channel = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        return new CleanedSegment(place, temporary, channel, buffer);
    }

    /** The first offset it may hold. */
    public long baseOffset() {
        return place.baseOffset();
    }

    /** Size of what was appended, in bytes. */
    public int sizeInBytes() {
        return written + buffer.position();
    }

    /** Whether positions and offsets of the batch could be told in the indexes. */
    public boolean hasRoomFor(RecordBatch batch) {
        return batch.sizeInBytes() <= Integer.MAX_VALUE - sizeInBytes()
                && batch.lastOffset() - place.baseOffset() <= Integer.MAX_VALUE;
    }

    /** Writes a batch behind the last one. */
    public void append(RecordBatch batch) throws IOException {
        ByteBuffer bytes = batch.bytes();
        int position = sizeInBytes();
        indexes.add(batch, position, place.indexIntervalBytes());
        lastBatchPosition = position;
        lastBatchOffsetDelta = batch.lastOffsetDelta();
        lastBatchNextOffset = batch.nextOffset();
        if (bytes.remaining() > buffer.remaining()) {
            write(buffer.flip());
            buffer.clear();
        }
        if (bytes.remaining() > buffer.remaining()) {
            write(bytes);
        } else {
            buffer.put(bytes);
        }
    }

    /** Notes a transaction whose abort marker was appended. */
    public void aborted(AbortedTransaction transaction) {
        indexes.aborted().append(transaction);
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            written += channel.write(bytes, written);
        }
    }

    /**
     * Makes data and indexes durable. Nothing is appended any more.
     *
     * @param nextOffset the offset at which the next segment begins
     * @param lastModified time of the last change, as retention is to see it
     */
    public void complete(long nextOffset, FileTime lastModified) throws IOException {
        write(buffer.flip());
        buffer.clear();
        indexes.complete();
        channel.force(false);
        indexes.write(place.directory(), place.baseOffset(), FileNames.CLEANED);
        Files.setLastModifiedTime(temporary, lastModified);
        SegmentEnd end = new SegmentEnd(
                written,
                lastBatchNextOffset,
                lastBatchPosition,
                lastBatchOffsetDelta,
                indexes.maxTimestamp(),
                indexes.offsetOfMaxTimestamp());
        Segment complete = new Segment(place, place.adopted(channel), end.at(nextOffset), indexes);
        complete.unchanged();
        segment = complete;
    }

    /** The complete segment. It can be read at once, whatever the name of its file. */
    public Segment segment() {
        if (segment == null) {
            throw new IllegalStateException("Not complete: " + this);
        }
        return segment;
    }

    /** Gives the files the names of a segment; the data first, for that tells {@link SegmentSwap} how far it came. */
    void install() throws IOException {
        FileNames.renameIfPresent(temporary, segment().file().path());
        for (String kind : FileNames.INDEX_KINDS) {
            Path target = FileNames.of(place.directory(), place.baseOffset(), kind);
            FileNames.renameIfPresent(target.resolveSibling(target.getFileName() + FileNames.CLEANED), target);
        }
        installed();
    }

    /** Notes that the files have their names; again does nothing. */
    void installed() {
        if (!installed) {
            installed = true;
            segment().installed();
        }
    }

    /** Removes the files of a segment that did not become part of the log. */
    public void discard() throws IOException {
        if (segment != null) {
            segment.retire();
            segment.file().unpin();
        }
        channel.close();
        for (String kind : FileNames.SEGMENT_KINDS) {
            Files.deleteIfExists(FileNames.of(place.directory(), place.baseOffset(), kind + FileNames.CLEANED));
        }
    }

    @Override
    public String toString() {
        return "CleanedSegment[" + place.baseOffset() + " size=" + sizeInBytes() + "]";
    }
}
