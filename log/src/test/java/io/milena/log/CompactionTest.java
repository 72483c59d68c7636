package io.milena.log;

import static io.milena.log.CompactionFixture.CLEANER;
import static io.milena.log.CompactionFixture.SETTINGS;
import static io.milena.log.CompactionFixture.append;
import static io.milena.log.CompactionFixture.appendIn;
import static io.milena.log.CompactionFixture.batch;
import static io.milena.log.CompactionFixture.batches;
import static io.milena.log.CompactionFixture.compact;
import static io.milena.log.CompactionFixture.compactAgain;
import static io.milena.log.CompactionFixture.fill;
import static io.milena.log.CompactionFixture.mark;
import static io.milena.log.CompactionFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.ControlRecord.Type;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.TimestampType;
import io.milena.log.clean.CleanerSettings;
import io.milena.log.compress.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compaction keeps and removes. */
class CompactionTest {
    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private PartitionLog log;

    @BeforeEach
    void open() {
        log = PartitionLog.open(folder, SETTINGS, fixture.context());
    }

    @AfterEach
    void close() {
        log.close();
        fixture.assertNothingLeased();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldKeepTheNewestRecordOfEachKey() throws IOException {
        append(log, "a", "1", "b", "1", "a", "2");
        log.roll();
        append(log, "b", "2");
        log.roll();
        append(log, "c", "1");
        log.roll();
        append(log, "a", "3");

        assertThat(compact(log)).isEqualTo(1);

        // the active segment does not count
        assertThat(records(log)).containsExactly("2:a=2", "3:b=2", "4:c=1", "5:a=3");
        assertThat(log.firstDirtyOffset()).isEqualTo(5);
        RecordBatch first = batches(log).get(0);
        assertThat(first.baseOffset()).isZero();
        assertThat(first.lastOffset()).isEqualTo(2);
        assertThat(first.recordCount()).isEqualTo(1);
        assertThat(files()).filteredOn(name -> name.endsWith(".log")).hasSize(2);
        assertThat(files()).noneMatch(name -> name.endsWith(".swap") || name.endsWith(".cleaned"));
    }

    @Test
    void shouldFindRecordsByOffsetAndTimeAsBefore() throws IOException {
        append(log, batch(100, "a", "1"));
        append(log, batch(200, "b", "1", "a", "2"));
        log.roll();
        append(log, batch(300, "b", "2"));
        log.roll();
        compact(log);

        assertThat(log.firstAtOrAfter(0, 100).orElseThrow().offset()).isEqualTo(2);
        assertThat(log.firstAtOrAfter(201, 100).orElseThrow().offset()).isEqualTo(3);
        try (LogSlice slice = log.read(0, 1, 100, ReadSize.WHOLE_FIRST_BATCH)) {
            assertThat(slice.firstOffset()).isEqualTo(1);
        }
    }

    @Test
    void shouldGoOnBehindAHoleAtTheEndOfASegment() throws IOException {
        append(log, "a", "x".repeat(3000));
        append(log, "b", "1");
        log.roll();
        append(log, "b", "2", "c", "x".repeat(3000));
        log.roll();
        compact(log);

        assertThat(files()).filteredOn(name -> name.endsWith(".log")).hasSize(3);
        try (LogSlice slice = log.read(1, 1, 100, ReadSize.WHOLE_FIRST_BATCH)) {
            assertThat(slice.firstOffset()).isEqualTo(2);
        }
        log.close();
        log = PartitionLog.open(folder, SETTINGS, fixture.context(LogFixture.closed(log)));
        try (LogSlice slice = log.read(1, 1, 100, ReadSize.WHOLE_FIRST_BATCH)) {
            assertThat(slice.firstOffset()).isEqualTo(2);
        }
    }

    @Test
    void shouldEndWhereItWasCutInAHole() throws IOException {
        append(log, "a", "1");
        append(log, "b", "1");
        log.roll();
        append(log, "b", "2");
        log.roll();
        append(log, "c", "1");
        log.roll();
        compact(log);
        log.truncateTo(2);
        assertThat(log.logEndOffset()).isEqualTo(2);
        assertThat(log.firstDirtyOffset()).isEqualTo(2);
        try (LogSlice slice = log.read(1, 1, 100, ReadSize.WHOLE_FIRST_BATCH)) {
            assertThat(slice.isEmpty()).isTrue();
        }
        append(log, "d", "1");
        assertThat(records(log)).containsExactly("0:a=1", "2:d=1");
    }

    @Test
    void shouldKeepATombstoneUntilItsHorizonAndThenRemoveIt() throws IOException {
        append(log, "a", "1", "b", "1");
        append(log, "a", null);
        log.roll();
        compact(log);

        assertThat(records(log)).containsExactly("1:b=1", "2:a=null");
        RecordBatch withTombstone = batches(log).get(1);
        assertThat(withTombstone.hasDeleteHorizon()).isTrue();
        assertThat(withTombstone.baseTimestamp()).isEqualTo(fixture.clock.millis() + SETTINGS.deleteRetentionMs());
        assertThat(withTombstone.maxTimestamp()).isEqualTo(1000);
        try (var all = withTombstone.records()) {
            assertThat(all.next().timestamp()).isEqualTo(1000);
        }

        fixture.clock.advance(999);
        compactAgain(log);
        assertThat(records(log)).contains("2:a=null");
        fixture.clock.advance(1);
        compactAgain(log);
        assertThat(records(log)).doesNotContain("2:a=null").contains("1:b=1");
    }

    @Test
    void shouldDropAbortedRecordsAndThenTheirMarker() throws IOException {
        append(log, "a", "1");
        appendIn(log, 7, 0, "a", "void");
        append(log, "b", "1");
        mark(log, 7, Type.ABORT);
        appendIn(log, 7, 1, "c", "1");
        mark(log, 7, Type.COMMIT);
        log.roll();
        compact(log);

        assertThat(records(log)).containsExactly("0:a=1", "2:b=1", "4:c=1");
        assertThat(log.abortedTransactions(0, 6)).hasSize(1);
        assertThat(batches(log)).filteredOn(RecordBatch::isControl).hasSize(2);

        // now nothing of the aborted one is left: its marker gets a horizon, its entry goes
        compactAgain(log);
        assertThat(log.abortedTransactions(0, 6)).isEmpty();
        assertThat(batches(log).get(2).isControl()).isTrue();
        assertThat(batches(log).get(2).hasDeleteHorizon()).isTrue();
        assertThat(batches(log).get(4).hasDeleteHorizon()).isFalse();

        fixture.clock.advance(1000);
        compactAgain(log);
        assertThat(batches(log))
                .filteredOn(RecordBatch::isControl)
                .extracting(RecordBatch::baseOffset)
                .containsExactly(5L);
    }

    @Test
    void shouldRemoveTheMarkerOfACommittedTransactionOnceItsRecordsAreGone() throws IOException {
        appendIn(log, 7, 0, "a", "1");
        mark(log, 7, Type.COMMIT);
        appendIn(log, 7, 1, "a", "2");
        mark(log, 7, Type.COMMIT);
        log.roll();
        compact(log);
        compactAgain(log);
        assertThat(batches(log).get(0).hasDeleteHorizon()).isTrue();
        fixture.clock.advance(1000);
        compactAgain(log);
        assertThat(records(log)).startsWith("2:a=2");
        assertThat(batches(log)).filteredOn(RecordBatch::isControl).hasSize(1);
    }

    @Test
    void shouldNotCleanWhatIsNotDecidedYet() throws IOException {
        append(log, "a", "1");
        log.roll();
        appendIn(log, 7, 0, "a", "2");
        log.roll();
        append(log, "a", "3");
        log.roll();

        compact(log);
        assertThat(log.firstDirtyOffset()).isEqualTo(1);
        assertThat(records(log)).hasSize(3);

        mark(log, 7, Type.ABORT);
        log.roll();
        compact(log);
        assertThat(records(log)).containsExactly("2:a=3");
    }

    @Test
    void shouldKeepTheLastBatchOfAProducerEvenIfEmpty() throws IOException {
        append(log, batch(1000, "a", "1", "a", "2").producer(5, (short) 3, 8));
        append(log, "a", "3");
        append(log, "b", "1");
        log.roll();
        compact(log);

        RecordBatch empty = batches(log).get(0);
        assertThat(empty.recordCount()).isZero();
        assertThat(empty.sizeInBytes()).isEqualTo(RecordBatch.BATCH_OVERHEAD);
        assertThat(empty.lastSequence()).isEqualTo(9);
        assertThat(empty.producerEpoch()).isEqualTo((short) 3);
        assertThat(empty.lastOffset()).isEqualTo(1);
        assertThat(empty.partitionLeaderEpoch()).isEqualTo(1);
        assertThat(empty.maxTimestamp()).isEqualTo(1000);
        assertThat(records(log)).containsExactly("2:a=3", "3:b=1");

        log.close();
        open(); // as after a crash: producers are found again in the batches
        assertThat(log.producers().lastBatches().get(5L).lastOffset()).isEqualTo(1);
    }

    @Test
    void shouldNotFindTheTimestampOfAnEmptyBatch() throws IOException {
        append(log, batch(9000, "a", "1").producer(7, (short) 0, 0));
        append(log, batch(2000, "b", "1"));
        append(log, batch(1000, "a", "2"));
        log.roll();
        append(log, batch(500, "c", "1"));
        compact(log);

        assertThat(batches(log)).extracting(RecordBatch::recordCount).startsWith(0, 1, 1);
        for (long limit = 3; limit <= 4; limit++) {
            assertThat(log.latestMaxTimestamp(limit)).hasValueSatisfying(newest -> {
                assertThat(newest.offset()).isEqualTo(1);
                assertThat(newest.timestamp()).isEqualTo(2000);
            });
        }
        assertThat(log.firstAtOrAfter(3000, 4)).isEmpty();
    }

    @Test
    void shouldKeepTheLastBatchOfTheCleanedPartEvenIfEmpty() throws IOException {
        log.settings(SETTINGS.withCleanupPolicy(Set.of()));
        append(log, "a", "1");
        append(log, null, "without a key");
        log.roll();
        append(log, "b", "1");
        log.settings(SETTINGS);
        compact(log);
        assertThat(records(log)).containsExactly("0:a=1", "2:b=1");
        assertThat(batches(log)).hasSize(3).anyMatch(batch -> batch.baseOffset() == 1 && batch.recordCount() == 0);
    }

    @Test
    void shouldCompressAgainWithTheSameCodec() throws IOException {
        for (Compression codec : Compression.values()) {
            append(log, fill(new BatchBuilder().compression(codec), 1000, "a-" + codec, "1", "b", "1"));
        }
        log.roll();
        compact(log);
        assertThat(batches(log)).extracting(RecordBatch::compression).containsExactly(Compression.values());
        assertThat(batches(log)).extracting(RecordBatch::recordCount).containsExactly(1, 1, 1, 1, 2);
    }

    @Test
    void shouldKeepTheBrokersTimeOfRecords() throws IOException {
        log.settings(SETTINGS.withTimestampType(TimestampType.LOG_APPEND_TIME));
        long appendTime = fixture.clock.millis();
        append(log, batch(1, "a", "1", "b", "1"));
        fixture.clock.advance(10);
        append(log, "a", "2");
        log.roll();
        compact(log);
        RecordBatch first = batches(log).get(0);
        assertThat(first.recordCount()).isEqualTo(1);
        assertThat(first.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(first.maxTimestamp()).isEqualTo(appendTime);
    }

    @Test
    void shouldTakeSeveralPassesIfTheKeysDoNotFit() throws IOException {
        CleanerSettings tiny = new CleanerSettings(1, 24 * 16, 0.9, 1024, Double.MAX_VALUE, 1);
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 50; key++) {
                append(log, "key-" + key, "value-" + round);
            }
            log.roll();
        }
        assertThat(compact(log, tiny)).isBetween(10, 15);
        assertThat(records(log)).hasSize(50).allMatch(record -> record.endsWith("value-2"));
        assertThat(log.firstDirtyOffset()).isEqualTo(150);
    }

    @Test
    void shouldJoinSmallSegmentsUpToTheSizeOfOne() throws IOException {
        for (int i = 0; i < 40; i++) {
            append(log, "key-" + i, "x".repeat(200));
            log.roll();
        }
        compact(log);
        List<String> logs =
                files().stream().filter(name -> name.endsWith(".log")).toList();
        assertThat(logs).hasSizeBetween(4, 5);
        for (String name : logs) {
            assertThat(Files.size(folder.resolve(name))).isLessThanOrEqualTo(SETTINGS.segmentBytes());
        }
        assertThat(records(log)).hasSize(40);
        assertThat(files()).filteredOn(name -> name.endsWith(".snapshot")).hasSizeLessThanOrEqualTo(logs.size() + 1);
    }

    @Test
    void shouldLeaveOtherPoliciesAlone() throws IOException {
        for (Set<CleanupPolicy> policy : List.of(Set.<CleanupPolicy>of(), Set.of(CleanupPolicy.DELETE))) {
            log.settings(SETTINGS.withCleanupPolicy(policy));
            append(log, "a", "1");
            log.roll();
            assertThat(compact(log)).isZero();
        }
        log.settings(SETTINGS.withCleanupPolicy(Set.of(CleanupPolicy.DELETE, CleanupPolicy.COMPACT)));
        compact(log);
        assertThat(records(log)).containsExactly("1:a=1");
    }

    @Test
    void shouldTellWhenALogIsDirtyEnough() throws IOException {
        append(log, batch(fixture.clock.millis(), "a", "1"));
        assertThat(log.dirt(100).orElseThrow().isWorthCleaning(0)).isFalse();
        log.roll();
        assertThat(log.dirt(100).orElseThrow().ratio()).isEqualTo(1);
        assertThat(log.dirt(0).orElseThrow().isWorthCleaning(0)).isFalse();
        compact(log);
        append(log, batch(fixture.clock.millis(), "a", "2"));
        log.roll();
        assertThat(log.dirt(100).orElseThrow().ratio()).isEqualTo(0.5);
        assertThat(log.dirt(100).orElseThrow().isWorthCleaning(0.5)).isFalse();

        log.settings(SETTINGS.withMinCompactionLagMs(10));
        assertThat(log.dirt(100).orElseThrow().isWorthCleaning(0)).isFalse();
        fixture.clock.advance(10);
        assertThat(log.dirt(100).orElseThrow().isWorthCleaning(0)).isTrue();

        log.settings(SETTINGS.withMaxCompactionLagMs(10));
        assertThat(log.dirt(100).orElseThrow().isWorthCleaning(1)).isFalse();
        fixture.clock.advance(1);
        assertThat(log.dirt(100).orElseThrow().isWorthCleaning(1)).isTrue();
    }

    @Test
    void shouldSealASegmentInTimeForTheLongestLag() {
        log.settings(SETTINGS.withMaxCompactionLagMs(50));
        append(log, batch(1000, "a", "1"));
        append(log, batch(1050, "a", "2"));
        assertThat(log.dirt(100).orElseThrow().cleanableBytes()).isZero();
        append(log, batch(1051, "a", "3"));
        assertThat(log.dirt(100).orElseThrow().cleanableBytes()).isPositive();
        assertThat(CLEANER.backoffMs()).isEqualTo(15_000);
    }
}
