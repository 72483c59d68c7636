package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the active segment ends, as the settings of the moment say. */
class SegmentRollTest {
    private static final LogSettings ROOMY =
            LogFixture.SMALL.withSegmentBytes(1 << 20).withSegmentMs(60_000);

    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private PartitionLog log;

    @BeforeEach
    void open() {
        log = PartitionLog.open(folder, ROOMY, fixture.context());
    }

    @AfterEach
    void close() {
        log.close();
        fixture.assertNothingLeased();
    }

    private int append(long timestamp) {
        return log.append(LogFixture.batch(timestamp, "value"), 0, AppendOrigin.CLIENT)
                .sizeInBytes();
    }

    private List<Long> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .map(name -> Long.valueOf(name.replace(".log", "")))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldFillASegmentToTheLastByte() throws IOException {
        int size = append(1000);
        log.settings(ROOMY.withSegmentBytes(3 * size));
        append(1000);
        append(1000);
        assertThat(segments()).containsExactly(0L);
        append(1000);
        assertThat(segments()).containsExactly(0L, 3L);
        log.settings(ROOMY.withSegmentBytes(2 * size - 1));
        append(1000);
        assertThat(segments())
                .as("a change counts for the segment that is there")
                .containsExactly(0L, 3L, 4L);
    }

    @Test
    void shouldGoByTheTimeOfTheRecords() throws IOException {
        append(1000);
        fixture.clock.advance(1_000_000);
        append(61_000);
        assertThat(segments()).containsExactly(0L);
        append(61_001);
        assertThat(segments()).containsExactly(0L, 2L);
        append(500);
        assertThat(segments()).as("older records end nothing").containsExactly(0L, 2L);
    }

    @Test
    void shouldGoByItsOwnTimeWhenRecordsHaveNone() throws IOException {
        append(RecordBatch.NO_TIMESTAMP);
        fixture.clock.advance(60_000);
        append(RecordBatch.NO_TIMESTAMP);
        assertThat(segments()).containsExactly(0L);
        fixture.clock.advance(1);
        append(RecordBatch.NO_TIMESTAMP);
        assertThat(segments()).containsExactly(0L, 2L);
    }

    @Test
    void shouldNotEndAnEmptySegmentHoweverOld() throws IOException {
        fixture.clock.advance(1_000_000);
        append(1000);
        assertThat(segments()).containsExactly(0L);
    }

    @Test
    void shouldEndSegmentsEarlierByTheirJitterAndEachAtItsOwnTime() throws IOException {
        log.settings(ROOMY.withSegmentJitterMs(30_000));
        Set<Long> waits = new TreeSet<>();
        long timestamp = 1000;
        for (int segment = 0; segment < 8; segment++) {
            int before = segments().size();
            long first = timestamp;
            append(timestamp);
            while (segments().size() == before) {
                timestamp += 500;
                append(timestamp);
            }
            waits.add(timestamp - first);
        }
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(30_000L, 60_500L));
        assertThat(waits).hasSizeGreaterThan(3);
    }

    @Test
    void shouldEndSegmentsInTimeForTheLongestLagOfCompactionOnly() throws IOException {
        log.settings(ROOMY.withMaxCompactionLagMs(10_000));
        append(1000);
        append(30_000);
        assertThat(segments()).containsExactly(0L);
        log.settings(ROOMY.withMaxCompactionLagMs(10_000).withCleanupPolicy(Set.of(CleanupPolicy.COMPACT)));
        log.append(CompactionFixture.batch(31_000, "key", "value").build().bytes(), 0, AppendOrigin.CLIENT);
        assertThat(segments()).containsExactly(0L, 2L);
    }

    @Test
    void shouldEndASegmentWhoseIndexIsFull() throws IOException {
        log.settings(ROOMY.withSegmentIndexBytes(36));
        while (segments().size() < 2) {
            append(1000);
        }
        long first = segments().get(1);
        assertThat(Files.size(folder.resolve("00000000000000000000.index"))).isLessThanOrEqualTo(36);
        log.settings(ROOMY.withSegmentIndexBytes(360));
        for (long i = 0; i < 3 * first; i++) {
            append(1000);
        }
        assertThat(segments()).as("a larger one takes more").hasSize(2);
    }
}
