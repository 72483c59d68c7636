package io.milena.log;

import io.milena.log.batch.RecordBatch;
import io.milena.log.producer.AppendedBatch;
import io.milena.log.segment.Segment;
import io.milena.log.segment.SegmentRepair;
import io.milena.log.segment.SegmentSearch;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Batches that producers still send again, but that are remembered no more: a snapshot of a producer tells of its last batch only,
 * while a client may have several on their way. They are looked for in the log.
 * Otherwise a producer whose answers were lost, and that asks again after the log was opened from a snapshot, were told that its
 * sequence is wrong, and would send everything once more under a new epoch. Belongs to the owner of the log.
 */
final class ForgottenBatches {
    /** How much of the end of the log is looked through for one batch. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private final LogState state;

    ForgottenBatches(LogState state) {
        this.state = state;
    }

    /**
     * The batch in the log that another one repeats. May read from the disk.
     *
     * @param belowOffset all batches of the producer from here on are remembered
     */
    Optional<AppendedBatch> find(RecordBatch retry, OptionalLong belowOffset) throws IOException {
        if (belowOffset.isEmpty()) {
            return Optional.empty();
        }
        Search search = new Search(retry);
        SegmentList segments = state.segments();
        int room = MAX_BYTES;
        for (int i = segments.floor(belowOffset.getAsLong()); i >= 0 && room > 0 && search.found == null; i--) {
            Segment segment = segments.get(i);
            int size = segment.sizeInBytes();
            SegmentRepair.scan(segment, SegmentSearch.offsetNear(segment, size - room), search::look);
            room -= size;
        }
        return Optional.ofNullable(search.found);
    }

    private static final class Search {
        private final RecordBatch wanted;
        private @Nullable AppendedBatch found;

        private Search(RecordBatch wanted) {
            this.wanted = wanted;
        }

        private void look(RecordBatch batch) {
            if (batch.producerId() == wanted.producerId()
                    && batch.producerEpoch() == wanted.producerEpoch()
                    && batch.baseSequence() == wanted.baseSequence()
                    && batch.lastSequence() == wanted.lastSequence()
                    && !batch.isControl()) {
                found = AppendedBatch.of(batch);
            }
        }
    }
}
