package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Looks for the first sound batch behind bytes that are none. Belongs to the thread that uses it. */
final class SoundBatches {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MAGIC_AT = 16;

    private final FileChannel channel;
    private final long to;

    SoundBatches(FileChannel channel, long to) {
        this.channel = channel;
        this.to = to;
    }

    /** Position of the first batch at or behind a position whose offsets lie in a range and whose checksum is right, or -1. */
    long next(long from, long minOffset, long maxOffset) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        long at = from;
        while (to - at >= RecordBatch.BATCH_OVERHEAD) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - at));
            BatchScanner.readFully(channel, chunk, at);
            int last = chunk.limit() - RecordBatch.BATCH_OVERHEAD;
            for (int i = 0; i <= last; i++) {
                if (chunk.get(i + MAGIC_AT) == RecordBatch.MAGIC && isSound(at + i, minOffset, maxOffset)) {
                    return at + i;
                }
            }
            at += last + 1;
        }
        return -1;
    }

    boolean isSound(long position, long minOffset, long maxOffset) throws IOException {
        BatchScanner scanner = new BatchScanner(channel, position, to, ByteBuffer.allocate(8 * 1024));
        return scanner.next()
                && scanner.batch().baseOffset() >= minOffset
                && scanner.batch().lastOffset() < maxOffset
                && scanner.checksumMatches();
    }
}
