package io.milena.log;

import static io.milena.log.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.AppendOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
