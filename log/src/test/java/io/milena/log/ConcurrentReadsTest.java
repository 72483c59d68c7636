package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.Batches;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers on other threads while the owner appends, rolls, cuts and deletes. */
class ConcurrentReadsTest {
    private static final int READERS = 3;
    /** Changes by the owner; many more with {@code -Doperations=500000}. */
    private static final int CHANGES = Integer.getInteger("operations", 6000);

    @TempDir(factory = MemoryDisk.class)
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private volatile boolean changing = true;
    private int cleanings;

    private interface Owner {
        void change(PartitionLog log, Random random) throws IOException;
    }

    @Test
    void shouldAlwaysSeeWholeBatches() throws Exception {
        read(LogFixture.SMALL.withRetentionBytes(20_000), ConcurrentReadsTest::change);
    }

    @Test
    void shouldAlwaysSeeWholeBatchesWhileSegmentsAreReplaced() throws Exception {
        read(LogFixture.SMALL.withCleanupPolicy(Set.of(LogSettings.CleanupPolicy.COMPACT)), this::compact);
        assertThat(cleanings).isPositive();
    }

    private void read(LogSettings settings, Owner owner) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        ExecutorService background = Executors.newSingleThreadExecutor();
        LogContext context = new LogContext(fixture.clock, background, fixture.openFiles, LogContext.NO_CHECKPOINTS);
        try (PartitionLog log = PartitionLog.open(folder, settings, context)) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(seed + i);
                running.add(readers.submit(() -> readAndCount(log, random)));
            }
            owner.change(log, new Random(seed - 1));
            changing = false;
            for (Future<Long> one : running) {
                assertThat(one.get(60, TimeUnit.SECONDS)).as("seed %s", seed).isPositive();
            }
        } finally {
            changing = false;
            readers.shutdown();
            background.shutdown();
            assertThat(background.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        fixture.assertNothingLeased();
    }

    /** Appends few keys again and again, so that most of what is behind goes with each cleaning. */
    private void compact(PartitionLog log, Random random) throws IOException {
        for (int i = 0; i < CHANGES; i++) {
            int choice = random.nextInt(200);
            if (choice < 194) {
                String key = "key-" + random.nextInt(30);
                CompactionFixture.append(log, key, key + "x".repeat(random.nextInt(200)));
            } else if (choice < 196) {
                log.roll();
            } else if (choice < 199) {
                cleanings += CompactionFixture.compact(log);
            } else {
                long span = log.logEndOffset() - log.logStartOffset();
                log.deleteBefore(log.logStartOffset() + random.nextLong(Math.min(span, 20) + 1));
                log.applyRetention(log.logEndOffset());
            }
        }
    }

    private static void change(PartitionLog log, Random random) {
        for (int i = 0; i < CHANGES; i++) {
            int choice = random.nextInt(100);
            long span = log.logEndOffset() - log.logStartOffset();
            if (choice < 92) {
                log.append(LogFixture.batch(1000 + i, "x".repeat(random.nextInt(200)), "y"), 1, AppendOrigin.CLIENT);
            } else if (choice < 94) {
                log.roll();
            } else if (choice < 96) {
                log.truncateTo(log.logEndOffset() - random.nextLong(Math.min(span, 60) + 1) / 2 * 2);
            } else if (choice < 98) {
                log.applyRetention(log.logEndOffset());
            } else if (choice == 98 && random.nextInt(10) == 0) {
                log.truncateFullyAndStartAt(log.logEndOffset() / 2);
            } else {
                log.deleteBefore(log.logStartOffset() + random.nextLong(Math.min(span, 20) + 1));
            }
        }
    }

    private long readAndCount(PartitionLog log, Random random) {
        long batches = 0;
        while (changing || batches == 0) {
            long start = log.logStartOffset();
            long offset = start + random.nextLong(Math.max(1, log.logEndOffset() - start));
            try (LogSlice slice =
                    log.read(offset, 1 + random.nextInt(3000), Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH)) {
                batches += check(slice, offset);
            } catch (LogException e) {
                assertThat(e.error()).isEqualTo(LogError.OFFSET_OUT_OF_RANGE);
            }
            log.firstAtOrAfter(1000 + random.nextInt(CHANGES), Long.MAX_VALUE);
            log.latestMaxTimestamp(Long.MAX_VALUE);
            log.abortedTransactions(offset, offset + 100);
        }
        return batches;
    }

    private static int check(LogSlice slice, long offset) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
        slice.readInto(bytes);
        Batches batches = Batches.in(bytes.flip());
        int count = 0;
        long previous = -1;
        while (batches.hasNext()) {
            RecordBatch batch = batches.next();
            assertThat(batch.checksumMatches()).isTrue();
            assertContent(batch);
            assertThat(batch.lastOffset()).isGreaterThanOrEqualTo(offset);
            assertThat(batch.baseOffset()).isGreaterThan(previous).isLessThan(slice.nextOffset());
            previous = batch.lastOffset();
            count++;
        }
        return count;
    }

    /** A record with a key has a value that begins with it. */
    private static void assertContent(RecordBatch batch) {
        try (RecordIterator records = batch.records()) {
            while (records.hasNext()) {
                Record record = records.next();
                ByteBuffer key = record.key();
                ByteBuffer value = record.value();
                if (key != null && value != null) {
                    assertThat(value.slice(value.position(), key.remaining())).isEqualTo(key);
                }
            }
        }
    }
}
