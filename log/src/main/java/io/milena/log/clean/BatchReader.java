package io.milena.log.clean;

import io.milena.log.batch.RecordBatch;
import io.milena.log.segment.BatchScanner;
import io.milena.log.segment.DamagedSegmentException;
import io.milena.log.segment.Lease;
import io.milena.log.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one sealed segment in order, whole and with their checksums compared: what is damaged must not be
 * written again as if it were sound. Holds a lease until it is closed. Used by one thread at a time.
 */
final class BatchReader implements AutoCloseable {
    private final Segment segment;
    private final Lease lease;
    private final BatchScanner scanner;

    /**
     * A reader that stands before the first batch.
     *
     * @param position where that batch starts
     * @param buffer what is read through; a batch that does not fit gets one of its own
     * @throws io.milena.log.segment.SegmentGoneException if the segment is no longer part of the log
     */
    BatchReader(Segment segment, int position, ByteBuffer buffer) throws IOException {
        this.segment = segment;
        this.lease = segment.requireLease();
        this.scanner = new BatchScanner(lease.channel(), position, segment.sizeInBytes(), buffer);
    }

    /** The next batch, valid until the one after is asked for; null at the end. */
    @Nullable
    RecordBatch next() throws IOException {
        if (!scanner.next()) {
            if (scanner.end() < segment.sizeInBytes()) {
                throw new DamagedSegmentException(segment, scanner.end());
            }
            return null;
        }
        RecordBatch batch = scanner.load() ? scanner.batch() : readAlone();
        if (!batch.isComplete() || !batch.checksumMatches()) {
            throw new DamagedSegmentException(segment, scanner.position());
        }
        return batch;
    }

    private RecordBatch readAlone() throws IOException {
        ByteBuffer own = ByteBuffer.allocate((int) (scanner.end() - scanner.position()));
        while (own.hasRemaining()) {
            if (lease.channel().read(own, scanner.position() + own.position()) < 0) {
                throw new DamagedSegmentException(segment, scanner.position());
            }
        }
        return RecordBatch.at(own.flip(), 0);
    }

    @Override
    public void close() {
        lease.close();
    }
}
