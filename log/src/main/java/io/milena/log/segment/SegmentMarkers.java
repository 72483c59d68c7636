package io.milena.log.segment;

import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Compares the transaction index of a segment with the batches it tells of. Used by the thread that opens the log. */
public final class SegmentMarkers {
    /** Larger than any marker. */
    private static final int MAX_MARKER_BYTES = 1024;

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
            if (marker == null || marker.producerId() != transaction.producerId() || !isAbort(marker)) {
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

    /** Whether it may be the marker of an abort; one that is damaged contradicts nothing. */
    private static boolean isAbort(RecordBatch batch) {
        if (!batch.isControl() || batch.baseOffset() != batch.lastOffset()) {
            return false;
        }
        // Of one that was emptied by compaction nothing else is known.
        boolean unknown =
                batch.recordCount() == 0 || batch.sizeInBytes() > MAX_MARKER_BYTES || !batch.checksumMatches();
        return unknown || ControlRecord.of(batch).type() == ControlRecord.Type.ABORT;
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
        RecordBatch batch = RecordBatch.at(header, 0);
        if (!batch.isControl() || batch.sizeInBytes() > MAX_MARKER_BYTES) {
            return batch;
        }
        ByteBuffer whole = ByteBuffer.allocate(batch.sizeInBytes());
        BatchScanner.readFully(lease.channel(), whole, found.position());
        return RecordBatch.at(whole, 0);
    }
}
