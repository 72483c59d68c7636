package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Compares the transaction index of a segment with the batches it tells of. Used by the thread that opens the log. */
public final class SegmentMarkers {
    private final Segment segment;
    private final Lease lease;

    private SegmentMarkers(Segment segment, Lease lease) {
        this.segment = segment;
        this.lease = lease;
    }

    /**
     * Whether each transaction ends with a marker of its producer, and begins with a batch of its producer as far as that
     * lies here and was not compacted away.
     */
    public static boolean agree(Segment segment) throws IOException {
        AbortedTransactions aborted = segment.indexes().aborted();
        try (Lease lease = segment.requireLease()) {
            SegmentMarkers markers = new SegmentMarkers(segment, lease);
            for (int i = 0; i < aborted.size(); i++) {
                if (!markers.agree(aborted.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private boolean agree(AbortedTransaction transaction) throws IOException {
        try {
            RecordBatch marker = batchAt(transaction.lastOffset());
            if (marker == null || !marker.isControl() || marker.producerId() != transaction.producerId()) {
                return false;
            }
            if (transaction.firstOffset() < segment.baseOffset()) {
                return true;
            }
            RecordBatch first = batchAt(transaction.firstOffset());
            return first == null
                    || first.baseOffset() > transaction.firstOffset()
                    || (first.baseOffset() == transaction.firstOffset()
                            && first.isTransactional()
                            && first.producerId() == transaction.producerId());
        } catch (DamagedRecordsException e) {
            // Nothing to compare with.
            return true;
        }
    }

    private @Nullable RecordBatch batchAt(long offset) throws IOException {
        Extent found;
        try {
            found = new SegmentSearch(segment, lease).first(offset);
        } catch (DamagedSegmentException e) {
            found = SegmentSearch.withoutIndex(segment, lease).first(offset);
        }
        if (found == null) {
            return null;
        }
        ByteBuffer header = ByteBuffer.allocate(RecordBatch.BATCH_OVERHEAD);
        BatchScanner.readFully(lease.channel(), header, found.position());
        return RecordBatch.at(header, 0);
    }
}
