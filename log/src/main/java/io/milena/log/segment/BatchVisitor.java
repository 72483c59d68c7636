package io.milena.log.segment;

import io.milena.log.batch.RecordBatch;

/** Sees the batches of a segment in order. */
@FunctionalInterface
public interface BatchVisitor {
    /** One batch; of a batch larger than the scan's buffer only the header is there. Valid during the call. */
    void visit(RecordBatch batch);
}
