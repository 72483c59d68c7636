package io.milena.log;

import static io.milena.log.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.producer.ActiveProducer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final LogSettings FOREVER =
            LogFixture.SMALL.withRetentionMs(-1).withRetentionBytes(-1);

    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private PartitionLog log;
    private int batchSize;

    /** Segments 0, 2, 4, 6 with two batches each, at the times 1000 to 8000. */
    @BeforeEach
    void open() {
        log = PartitionLog.open(folder, FOREVER, fixture.context());
        for (int i = 1; i <= 8; i++) {
            batchSize = log.append(LogFixture.batch(1000L * i, "v"), 0, AppendOrigin.CLIENT)
                    .sizeInBytes();
            if (i % 2 == 0 && i < 8) {
                log.roll();
            }
        }
    }

    @AfterEach
    void close() {
        log.close();
        fixture.assertNothingLeased();
    }

    @Test
    void shouldKeepEverythingByDefaultOfNoLimit() {
        assertThat(log.applyRetention(8)).isZero();
    }

    @Test
    void shouldDeleteSegmentsWhoseNewestRecordIsTooOld() throws IOException {
        log.settings(FOREVER.withRetentionMs(fixture.clock.millis() - 5000));

        assertThat(log.applyRetention(8)).isEqualTo(2);
        assertThat(log.logStartOffset()).isEqualTo(4);
        assertThat(files()).isEqualTo(Set.of("4", "6"));
    }

    @Test
    void shouldDeleteTheActiveSegmentTooWhenItIsTooOld() throws IOException {
        log.settings(FOREVER.withRetentionMs(1000));

        assertThat(log.applyRetention(8)).isEqualTo(4);
        assertThat(log.logStartOffset()).isEqualTo(8);
        assertThat(log.logEndOffset()).isEqualTo(8);
        assertThat(files()).isEqualTo(Set.of("8"));
        assertThat(log.applyRetention(8)).as("an empty segment stays").isZero();
        assertThat(append(log, "next").firstOffset()).isEqualTo(8);
    }

    @Test
    void shouldDeleteNothingAtOrAboveTheHighWatermark() {
        log.settings(FOREVER.withRetentionMs(1000));

        assertThat(log.applyRetention(3)).isEqualTo(1);
        assertThat(log.logStartOffset()).isEqualTo(2);
    }

    @Test
    void shouldDeleteSegmentsAsLongAsEnoughBytesRemain() {
        log.settings(FOREVER.withRetentionBytes(5L * batchSize));

        assertThat(log.applyRetention(8)).isEqualTo(1);
        log.settings(FOREVER.withRetentionBytes(2L * batchSize));
        assertThat(log.applyRetention(8)).isEqualTo(2);
        assertThat(log.sizeInBytes()).isEqualTo(2L * batchSize);
    }

    @Test
    void shouldDeleteWhatLiesBeforeTheStartUnderAnyPolicy() throws IOException {
        log.settings(LogFixture.SMALL
                .withRetentionMs(1)
                .withRetentionBytes(1)
                .withCleanupPolicy(Set.of(CleanupPolicy.COMPACT)));
        log.deleteBefore(5);

        assertThat(log.applyRetention(8)).isEqualTo(2);
        assertThat(log.logStartOffset()).isEqualTo(5);
        assertThat(files()).isEqualTo(Set.of("4", "6"));
    }

    @Test
    void shouldKeepASegmentThatIsExactlyAsOldAsAllowed() {
        log.settings(FOREVER.withRetentionMs(fixture.clock.millis() - 2000));

        assertThat(log.applyRetention(8)).isZero();
        fixture.clock.advance(1);
        assertThat(log.applyRetention(8)).isEqualTo(1);
    }

    @Test
    void shouldStopAtTheFirstSegmentThatIsYoungEnough() {
        log.append(LogFixture.batch(fixture.clock.millis() + 5000, "ahead"), 0, AppendOrigin.CLIENT);
        log.roll();
        log.append(LogFixture.batch(1000, "old"), 0, AppendOrigin.CLIENT);
        log.settings(FOREVER.withRetentionMs(1000));

        assertThat(log.applyRetention(10)).isEqualTo(3);
        assertThat(log.logStartOffset()).isEqualTo(6);
        assertThat(log.applyRetention(10)).isZero();
    }

    @Test
    void shouldTakeTheTimeOfTheFileIfNoRecordHasOne() throws IOException {
        try (PartitionLog untimed =
                PartitionLog.open(folder.resolve("untimed"), FOREVER.withRetentionMs(1000), fixture.context())) {
            untimed.append(LogFixture.batch(-1, "a"), 0, AppendOrigin.CLIENT);
            untimed.roll();
            untimed.append(LogFixture.batch(-1, "b"), 0, AppendOrigin.CLIENT);
            Path first = folder.resolve("untimed/00000000000000000000.log");
            Files.setLastModifiedTime(first, FileTime.fromMillis(fixture.clock.millis() - 1000));
            assertThat(untimed.applyRetention(2)).isZero();
            Files.setLastModifiedTime(first, FileTime.fromMillis(fixture.clock.millis() - 1001));
            assertThat(untimed.applyRetention(2)).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepTheActiveSegmentUnlessNothingIsToRemain() throws IOException {
        log.settings(FOREVER.withRetentionBytes(1));
        assertThat(log.applyRetention(8)).isEqualTo(3);
        assertThat(files()).isEqualTo(Set.of("6"));

        log.settings(FOREVER.withRetentionBytes(0));
        assertThat(log.applyRetention(8)).isEqualTo(1);
        assertThat(log.logStartOffset()).isEqualTo(8);
    }

    @Test
    void shouldDeleteBySizeDownToTheExactByte() {
        log.settings(FOREVER.withRetentionBytes(6L * batchSize + 1));
        assertThat(log.applyRetention(8)).isZero();
        log.settings(FOREVER.withRetentionBytes(6L * batchSize));
        assertThat(log.applyRetention(8)).isEqualTo(1);
    }

    @Test
    void shouldDeleteByTimeUnderBothPoliciesAndByNothingUnderNone() {
        LogSettings brief = FOREVER.withRetentionMs(1).withRetentionBytes(0);
        log.settings(brief.withCleanupPolicy(Set.of()));
        assertThat(log.applyRetention(8)).isZero();
        log.settings(brief.withCleanupPolicy(Set.of(CleanupPolicy.COMPACT)));
        assertThat(log.applyRetention(8)).isZero();
        log.settings(brief.withCleanupPolicy(Set.of(CleanupPolicy.COMPACT, CleanupPolicy.DELETE)));
        assertThat(log.applyRetention(8)).isEqualTo(4);
    }

    @Test
    void shouldKeepTheActiveSegmentWhenAllItsRecordsAreDeleted() throws IOException {
        log.deleteBefore(8);
        assertThat(log.applyRetention(8)).isEqualTo(3);
        assertThat(files()).isEqualTo(Set.of("6"));
        assertThat(log.logStartOffset()).isEqualTo(8);

        log.roll();
        append(log, "next");
        assertThat(log.applyRetention(9)).isEqualTo(1);
        assertThat(files()).isEqualTo(Set.of("8"));
    }

    @Test
    void shouldRefuseAStartBehindTheEndAndNeverGoBack() {
        assertThatThrownBy(() -> log.deleteBefore(9))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(LogError.OFFSET_OUT_OF_RANGE));
        log.deleteBefore(5);
        log.deleteBefore(3);
        assertThat(log.logStartOffset()).isEqualTo(5);
    }

    @Test
    void shouldKeepTheFilesOfDeletedSegmentsForAWhileUnderAnotherName() throws IOException {
        log.settings(FOREVER.withRetentionBytes(1).withFileDeleteDelayMs(3_600_000));
        log.applyRetention(8);
        assertThat(files()).contains("0.deleted", "2.deleted", "4.deleted", "6").doesNotContain("0", "2", "4");
        assertThat(folder.resolve("00000000000000000000.index.deleted")).exists();

        LogContext.Checkpoints checkpoints = LogFixture.closed(log);
        log.close();
        log = PartitionLog.open(folder, FOREVER, fixture.context(checkpoints));
        assertThat(files()).isEqualTo(Set.of("6"));
        assertThat(log.logStartOffset()).isEqualTo(6);
    }

    @Test
    void shouldRememberTheProducersOfDeletedSegmentsWhenNothingElseIsLeft() throws IOException {
        BatchBuilder batch = new BatchBuilder().producer(7, (short) 0, 0);
        batch.append(9000, null, LogFixture.bytes("v"));
        log.append(batch.build().bytes(), 0, AppendOrigin.CLIENT);
        log.roll();
        append(log, "next");
        log.settings(FOREVER.withRetentionBytes(1));
        log.applyRetention(9);
        log.truncateTo(9);

        LogContext.Checkpoints checkpoints = LogFixture.crashed(log);
        log.close();
        log = PartitionLog.open(folder, FOREVER, fixture.context(checkpoints));
        assertThat(files()).isEqualTo(Set.of("9"));
        assertThat(log.logStartOffset()).isEqualTo(log.logEndOffset()).isEqualTo(9);
        assertThat(log.sizeInBytes()).isZero();
        assertThat(log.producers().active())
                .extracting(ActiveProducer::producerId)
                .containsExactly(7L);
    }

    @Test
    void shouldKeepTheBytesOfASliceWhoseSegmentIsDeleted() {
        try (LogSlice slice = log.read(0, 1000, 8, ReadSize.STRICT)) {
            log.settings(FOREVER.withRetentionMs(1000));
            log.applyRetention(8);
            assertThat(LogFixture.records(slice)).hasSize(2);
        }
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log") || name.endsWith(".deleted"))
                    .map(name -> name.replace(".log", "").replaceFirst("^0{1,19}", ""))
                    .collect(Collectors.toSet());
        }
    }
}
