package io.milena.benchmarks;

import io.milena.log.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.Random;

/** Batches as a producer sends them. */
final class Samples {
    private static final long SEED = 7;
    private static final long TIMESTAMP_MS = 1_750_000_000_000L;

    private Samples() {}

    /** A batch, in memory outside the heap, of records that do not compress. */
    static ByteBuffer batch(int records, int recordBytes) {
        return batch(new BatchBuilder(), records, recordBytes);
    }

    /** The same of an idempotent producer. */
    static ByteBuffer batch(int records, int recordBytes, long producerId, short producerEpoch, int baseSequence) {
        return batch(new BatchBuilder().producer(producerId, producerEpoch, baseSequence), records, recordBytes);
    }

    private static ByteBuffer batch(BatchBuilder builder, int records, int recordBytes) {
        Random random = new Random(SEED);
        for (int i = 0; i < records; i++) {
            byte[] value = new byte[recordBytes];
            random.nextBytes(value);
            builder.append(TIMESTAMP_MS + i, null, ByteBuffer.wrap(value));
        }
        ByteBuffer bytes = builder.build().bytes();
        return ByteBuffer.allocateDirect(bytes.remaining())
                .put(bytes.duplicate())
                .flip();
    }
}
