package io.milena.log.producer;

import io.milena.log.batch.RecordBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last batches of a producer, in numbers only: one more takes no memory once there are {@value #MAX}. Belongs to {@link ProducerState}. */
final class RecentBatches {
    /** As many as a client may have in flight. */
    static final int MAX = 5;

    private static final int LAST_OFFSET = 0;
    private static final int TIMESTAMP = 1;
    private static final int SEQUENCE_AND_DELTA = 2;
    private static final int NUMBERS = 3;

    /** A ring, which turns when it is full. */
    private long[] numbers = new long[NUMBERS];

    private int oldest;
    private int size;

    boolean isFull() {
        return size == MAX;
    }

    void clear() {
        oldest = 0;
        size = 0;
    }

    /** Adds the newest one. The oldest is forgotten for it if there are {@value #MAX}. */
    void add(AppendedBatch batch) {
        int at = at(size);
        if (isFull()) {
            oldest = (oldest + 1) % MAX;
        } else {
            size++;
            if (at == numbers.length) {
                numbers = Arrays.copyOf(numbers, MAX * NUMBERS);
            }
        }
        numbers[at + LAST_OFFSET] = batch.lastOffset();
        numbers[at + TIMESTAMP] = batch.timestamp();
        numbers[at + SEQUENCE_AND_DELTA] =
                (long) batch.lastSequence() << Integer.SIZE | Integer.toUnsignedLong(batch.offsetDelta());
    }

    /** The oldest one that has exactly these sequence numbers. */
    @Nullable
    AppendedBatch find(int firstSequence, int lastSequence) {
        for (int i = 0; i < size; i++) {
            // Each append asks, hardly any finds something: no object is made before.
            long sequenceAndDelta = numbers[at(i) + SEQUENCE_AND_DELTA];
            int last = lastSequence(sequenceAndDelta);
            if (last == lastSequence && AppendedBatch.firstSequence(last, (int) sequenceAndDelta) == firstSequence) {
                return get(i);
            }
        }
        return null;
    }

    /** The last sequence number of the newest one, or that which means none. */
    int lastSequence() {
        return size == 0 ? RecordBatch.NO_SEQUENCE : lastSequence(numbers[at(size - 1) + SEQUENCE_AND_DELTA]);
    }

    @Nullable
    AppendedBatch oldest() {
        return size == 0 ? null : get(0);
    }

    @Nullable
    AppendedBatch newest() {
        return size == 0 ? null : get(size - 1);
    }

    private AppendedBatch get(int index) {
        int at = at(index);
        long sequenceAndDelta = numbers[at + SEQUENCE_AND_DELTA];
        return new AppendedBatch(
                lastSequence(sequenceAndDelta),
                numbers[at + LAST_OFFSET],
                (int) sequenceAndDelta,
                numbers[at + TIMESTAMP]);
    }

    private int at(int index) {
        return (oldest + index) % MAX * NUMBERS;
    }

    private static int lastSequence(long sequenceAndDelta) {
        return (int) (sequenceAndDelta >> Integer.SIZE);
    }
}
