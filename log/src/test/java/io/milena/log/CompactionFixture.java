package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.Batches;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.Compaction;
import io.milena.log.clean.Dirt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Appends to logs that are to be compacted, and compacts them step by step. */
final class CompactionFixture {
    static final LogSettings SETTINGS = LogFixture.SMALL
            .withCleanupPolicy(Set.of(CleanupPolicy.COMPACT))
            .withProducerIdExpirationMs(Long.MAX_VALUE)
            .withDeleteRetentionMs(1000);

    static final CleanerSettings CLEANER = CleanerSettings.DEFAULTS;

    private CompactionFixture() {}

    /** A batch of records given as key and value in turn; a null value is a tombstone. */
    static BatchBuilder batch(long timestamp, @Nullable String... keysAndValues) {
        return fill(new BatchBuilder(), timestamp, keysAndValues);
    }

    static BatchBuilder fill(BatchBuilder builder, long timestamp, @Nullable String... keysAndValues) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.append(timestamp, buffer(keysAndValues[i]), buffer(keysAndValues[i + 1]));
        }
        return builder;
    }

    private static @Nullable ByteBuffer buffer(@Nullable String text) {
        return text == null ? null : LogFixture.bytes(text);
    }

    static AppendResult append(PartitionLog log, @Nullable String... keysAndValues) {
        return append(log, batch(1000, keysAndValues));
    }

    static AppendResult append(PartitionLog log, BatchBuilder batch) {
        return log.append(batch.build().bytes(), 1, AppendOrigin.COORDINATOR);
    }

    /** A batch of a transaction, with sequence numbers that are in order if each batch has one record. */
    static AppendResult appendIn(PartitionLog log, long producerId, int sequence, String... keysAndValues) {
        return append(
                log,
                batch(1000, keysAndValues)
                        .producer(producerId, (short) 0, sequence)
                        .transactional());
    }

    static AppendResult mark(PartitionLog log, long producerId, ControlRecord.Type type) {
        ByteBuffer marker =
                new ControlRecord(type, 0).toBatch(producerId, (short) 0, 1000).bytes();
        return log.append(marker, 1, AppendOrigin.COORDINATOR);
    }

    /** Cleans everything but the active segment, whatever the ratio. Gives how many passes it took. */
    static int compact(PartitionLog log) throws IOException {
        return compact(log, CLEANER);
    }

    static int compact(PartitionLog log, CleanerSettings settings) throws IOException {
        int passes = 0;
        Optional<Compaction> begun = begin(log, settings);
        while (begun.isPresent()) {
            passes++;
            run(begun.get());
            begun = begin(log, settings);
        }
        return passes;
    }

    static Optional<Compaction> begin(PartitionLog log, CleanerSettings settings) {
        Optional<Dirt> dirt = log.dirt(log.lastStableOffset(log.logEndOffset()));
        return dirt.isPresent() ? log.compaction(dirt.get(), log.logEndOffset(), settings) : Optional.empty();
    }

    static void run(Compaction compaction) throws IOException {
        try (compaction) {
            while (compaction.next() != Compaction.Next.END) {
                if (compaction.next() == Compaction.Next.WORK) {
                    compaction.work();
                } else {
                    compaction.swap();
                }
            }
            assertThat(compaction.isFinished()).isTrue();
        }
    }

    /** Everything again from the start, for there is nothing dirty. */
    static void compactAgain(PartitionLog log) throws IOException {
        log.roll();
        append(log, "filler", "f");
        log.roll();
        compact(log);
    }

    /** What a consumer gets that goes on behind the last batch it saw. */
    static List<RecordBatch> batches(PartitionLog log) {
        List<RecordBatch> found = new ArrayList<>();
        long offset = log.logStartOffset();
        while (offset < log.logEndOffset()) {
            try (LogSlice slice = log.read(offset, 2000, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH)) {
                if (slice.isEmpty()) {
                    break;
                }
                ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
                slice.readInto(bytes);
                Batches.in(bytes.flip()).forEachRemaining(found::add);
                long next = found.get(found.size() - 1).nextOffset();
                assertThat(next).as("progress").isGreaterThan(offset).isLessThanOrEqualTo(slice.nextOffset());
                offset = next;
            }
        }
        found.forEach(batch -> assertThat(batch.checksumMatches()).isTrue());
        return found;
    }

    /** Records of data as {@code offset:key=value}. */
    static List<String> records(PartitionLog log) {
        List<String> found = new ArrayList<>();
        for (RecordBatch batch : batches(log)) {
            if (!batch.isControl()) {
                try (RecordIterator records = batch.records()) {
                    records.forEachRemaining(record -> found.add(describe(record)));
                }
            }
        }
        return found;
    }

    static String describe(Record record) {
        return record.offset() + ":" + LogFixture.text(new Record(0, 0, null, record.key(), List.of())) + "="
                + LogFixture.text(record);
    }
}
