package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the batches of a segment once more, because a flush failed. The system then takes the pages it could not write
 * for written: the next flush succeeds whatever the disk holds, and a page that leaves memory comes back with old content.
 * What can still be read and has the right checksum is therefore written again, so that a flush means something again.
 * Used by the owner of the log.
 */
public final class SegmentRewrite {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRewrite.class);

    private final Segment segment;
    private final FileChannel channel;
    private ByteBuffer bytes = ByteBuffer.allocate(8 * 1024);

    private SegmentRewrite(Segment segment, FileChannel channel) {
        this.segment = segment;
        this.channel = channel;
    }

    /**
     * Writes what ends at or after an offset once more, and makes it durable.
     *
     * @return the offset of the first batch that can no longer be read, if there is one; those before it are written
     * @throws IOException if the disk still fails
     */
    public static OptionalLong rewrite(Segment segment, long fromOffset) throws IOException {
        OptionalLong lost;
        try (Lease lease = segment.requireLease()) {
            lost = new SegmentRewrite(segment, lease.channel()).rewrite(start(segment, lease, fromOffset));
        }
        segment.file().forceAgain();
        return lost;
    }

    private static int start(Segment segment, Lease lease, long fromOffset) {
        try {
            Extent first = new SegmentSearch(segment, lease).first(fromOffset);
            return first == null ? segment.sizeInBytes() : first.position();
        } catch (IOException e) {
            LOG.warn("event=rewrite-of-all segment={} cause=\"{}\"", segment, e.toString());
            return 0;
        }
    }

    private OptionalLong rewrite(int from) throws IOException {
        int end = segment.sizeInBytes();
        int position = from;
        long nextOffset = -1;
        while (position < end) {
            RecordBatch batch = soundBatch(position, end);
            if (batch == null) {
                return OptionalLong.of(nextOffset >= 0 ? nextOffset : offsetAt(position));
            }
            nextOffset = batch.nextOffset();
            segment.file().write(batch.bytes(), position);
            position += batch.sizeInBytes();
        }
        return OptionalLong.empty();
    }

    /** Where the batch at a position begins, if none before it was looked at. */
    private long offsetAt(int position) throws IOException {
        if (position == 0) {
            return segment.baseOffset();
        }
        BatchScanner scanner = new BatchScanner(channel, 0, position, ByteBuffer.allocate(8 * 1024));
        long nextOffset = segment.baseOffset();
        while (scanner.next()) {
            nextOffset = scanner.batch().nextOffset();
        }
        return nextOffset;
    }

    private @Nullable RecordBatch soundBatch(int position, int end) {
        try {
            if (end - position < RecordBatch.BATCH_OVERHEAD || !read(position, RecordBatch.BATCH_OVERHEAD)) {
                return null;
            }
            int size = RecordBatch.at(bytes, 0).sizeInBytes();
            if (size < RecordBatch.BATCH_OVERHEAD || size > end - position || !read(position, size)) {
                return null;
            }
            RecordBatch batch = RecordBatch.at(bytes, 0);
            return batch.magic() == RecordBatch.MAGIC && batch.checksumMatches() ? batch : null;
        } catch (IOException e) {
            LOG.warn("event=unreadable segment={} position={} cause=\"{}\"", segment, position, e.toString());
            return null;
        }
    }

    private boolean read(int position, int size) throws IOException {
        if (bytes.capacity() < size) {
            bytes = ByteBuffer.allocate(size);
        }
        bytes.clear().limit(size);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                return false;
            }
        }
        bytes.flip();
        return true;
    }
}
