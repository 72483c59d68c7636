package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Tells the end of a file that a dying process or system left in the middle of a batch from damage: what is there is the
 * beginning of one batch, and behind it nothing but zeros that were written ahead.
 */
final class TornEnd {
    private static final int CHUNK_BYTES = 64 * 1024;

    /** A batch that is whole may end in a zero or two, but not in that many. */
    private static final int LEAST_ZEROS = 16;

    private TornEnd() {}

    /**
     * Whether the bytes from a position to the end, of which the first are no whole batch, are such an end.
     *
     * @param nextOffset offset that the batch there would have at least
     */
    static boolean isAt(FileChannel channel, long position, long size, long nextOffset) throws IOException {
        if (size - position < RecordBatch.BATCH_OVERHEAD) {
            return true;
        }
        ByteBuffer header = ByteBuffer.allocate(RecordBatch.BATCH_OVERHEAD);
        BatchScanner.readFully(channel, header, position);
        RecordBatch batch = RecordBatch.at(header, 0);
        boolean begins = batch.magic() == RecordBatch.MAGIC
                && batch.baseOffset() >= nextOffset
                && batch.sizeInBytes() >= RecordBatch.BATCH_OVERHEAD;
        if (!begins) {
            return isZero(channel, position + RecordBatch.BATCH_OVERHEAD, size);
        }
        long end = position + batch.sizeInBytes();
        return end > size
                ? new SoundBatches(channel, size).next(position + 1, nextOffset, Long.MAX_VALUE) < 0
                : isZero(channel, Math.max(position, end - LEAST_ZEROS), size);
    }

    private static boolean isZero(FileChannel channel, long position, long size) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, Math.max(1, size - position)));
        for (long at = position; at < size; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), size - at));
            BatchScanner.readFully(channel, chunk, at);
            while (chunk.hasRemaining()) {
                if (chunk.get() != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
