package io.milena.log;

import static io.milena.log.LogFixture.append;
import static io.milena.log.LogFixture.batch;
import static io.milena.log.LogFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.segment.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogSegmentsTest {
    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();

    @AfterEach
    void leasesAreBack() {
        fixture.assertNothingLeased();
    }

    private PartitionLog open(LogSettings settings) {
        return PartitionLog.open(folder.resolve("t-0"), settings, fixture.context());
    }

    private List<Long> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("t-0"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .map(name -> Long.parseLong(name.replace(".log", "")))
                    .sorted()
                    .toList();
        }
    }

    private static ByteBuffer replicated(long offset, int leaderEpoch, String... values) {
        BatchBuilder builder = new BatchBuilder().baseOffset(offset).leaderEpoch(leaderEpoch);
        for (String value : values) {
            builder.append(1000, null, LogFixture.bytes(value));
        }
        return builder.build().bytes();
    }

    @Test
    void shouldBeginASegmentWhenTheRecordsOfOneSpanTooMuchTime() throws IOException {
        try (PartitionLog log = open(LogFixture.SMALL.withSegmentMs(1000))) {
            log.append(batch(5000, "a"), 1, AppendOrigin.CLIENT);
            fixture.clock.advance(100_000);
            log.append(batch(6000, "b"), 1, AppendOrigin.CLIENT);
            assertThat(segments()).containsExactly(0L);
            log.append(batch(6001, "c"), 1, AppendOrigin.CLIENT);
            assertThat(segments()).containsExactly(0L, 2L);
        }
        // The first timestamp of a segment is known after a restart, too.
        try (PartitionLog log = open(LogFixture.SMALL.withSegmentMs(1000))) {
            log.append(batch(7001, "d"), 1, AppendOrigin.CLIENT);
            log.append(batch(7002, "e"), 1, AppendOrigin.CLIENT);
            assertThat(segments()).containsExactly(0L, 2L, 4L);
        }
    }

    @Test
    void shouldBeginASegmentWhenAnIndexIsFull() throws IOException {
        try (PartitionLog log = open(LogFixture.SMALL.withSegmentIndexBytes(48).withIndexIntervalBytes(1))) {
            for (int i = 0; i < 10; i++) {
                log.append(batch(5000 + i, "a"), 1, AppendOrigin.CLIENT);
            }
            assertThat(segments()).containsExactly(0L, 4L, 8L);
        }
    }

    @Test
    void shouldBeginASegmentWhenOffsetsLieTooFarApart() throws IOException {
        try (PartitionLog log = open(LogFixture.SMALL)) {
            log.appendReplicated(replicated(5, 1, "a", "b"));
            log.appendReplicated(replicated(5_000_000_000L, 2, "c"));
            assertThat(segments()).containsExactly(0L, 5_000_000_000L - Integer.MAX_VALUE);
            assertThat(readAll(log, 0, 1000)).containsExactly("5:a", "6:b", "5000000000:c");
            assertThat(readAll(log, 7, 1000)).containsExactly("5000000000:c");
            assertThat(log.leaderEpochs().startOffsets().toString()).isEqualTo("{1=5, 2=5000000000}");
        }
    }

    @Test
    void shouldRefuseReplicatedBatchesThatDoNotFollow() {
        try (PartitionLog log = open(LogFixture.SMALL)) {
            log.appendReplicated(replicated(5, 1, "a", "b"));
            assertThatThrownBy(() -> log.appendReplicated(replicated(6, 1, "c")))
                    .isInstanceOfSatisfying(
                            LogException.class, e -> assertThat(e.error()).isEqualTo(LogError.OFFSET_OUT_OF_RANGE));
            ByteBuffer damaged = replicated(7, 1, "c");
            damaged.put(damaged.limit() - 1, (byte) 77);
            assertThatThrownBy(() -> log.appendReplicated(damaged))
                    .isInstanceOfSatisfying(
                            LogException.class, e -> assertThat(e.error()).isEqualTo(LogError.CORRUPT_MESSAGE));
            assertThat(log.logEndOffset()).isEqualTo(7);
        }
    }

    @Test
    void shouldTakeABatchAwayAsAWholeWhenCutInItsMiddle() {
        try (PartitionLog log = open(LogFixture.SMALL)) {
            append(log, "a");
            append(log, "b", "c", "d");
            log.truncateTo(2);
            assertThat(log.logEndOffset()).isEqualTo(2);
            assertThat(readAll(log, 0, 1000)).containsExactly("0:a");
            append(log, "e");
            assertThat(readAll(log, 0, 1000)).containsExactly("0:a", "2:e");
            assertThat(readAll(log, 1, 1000)).containsExactly("2:e");
        }
    }

    @Test
    void shouldReadOnlyBatchesBelowTheLimit() {
        try (PartitionLog log = open(LogFixture.SMALL)) {
            for (int i = 0; i < 30; i++) {
                append(log, "a", "b");
            }
            for (long limit = 0; limit <= 60; limit++) {
                try (LogSlice slice = log.read(0, 1 << 20, limit, ReadSize.STRICT)) {
                    assertThat(slice.nextOffset()).isEqualTo((limit + 1) / 2 * 2);
                    assertThat(LogFixture.records(slice)).hasSize((int) ((limit + 1) / 2 * 2));
                }
            }
        }
    }

    @Test
    void shouldRemoveTheFolderAndLeaveSlicesAlone() throws IOException {
        PartitionLog log = open(LogFixture.SMALL);
        append(log, "a", "b");
        LogSlice slice = log.read(0, 1000, 10, ReadSize.STRICT);
        log.delete();

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        assertThat(LogFixture.records(slice)).hasSize(2);
        slice.close();
        assertThatThrownBy(() -> log.read(0, 1000, 10, ReadSize.STRICT)).isInstanceOf(LogException.class);
        assertThatThrownBy(() -> append(log, "c")).isInstanceOf(LogException.class);
    }

    @Test
    void shouldTakeNoMoreAppendsOnceTheDiskFailed() throws IOException {
        OpenFiles nothingStaysOpen = new OpenFiles(0, 1000, Runnable::run);
        LogContext context = new LogContext(fixture.clock, Runnable::run, nothingStaysOpen, LogContext.NO_CHECKPOINTS);
        Path path = folder.resolve("t-0");
        PartitionLog log = PartitionLog.open(path, LogFixture.SMALL, context);
        append(log, "a");
        Files.move(path, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> append(log, "b"))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(LogError.STORAGE_ERROR));
        Files.move(folder.resolve("elsewhere"), path);

        assertThat(log.isFailed()).isTrue();
        assertThat(log.logEndOffset()).isEqualTo(1);
        assertThatThrownBy(() -> append(log, "c")).isInstanceOf(LogException.class);
        assertThat(readAll(log, 0, 100)).containsExactly("0:a");
        log.close();
    }

    @Test
    void shouldMoveTheRecoveryPointWithEachFlush() {
        try (PartitionLog log = open(LogFixture.SMALL)) {
            append(log, "a", "b");
            assertThat(log.recoveryPoint()).isZero();
            log.flush();
            assertThat(log.recoveryPoint()).isEqualTo(2);
            append(log, "c");
            log.roll();
            append(log, "d");
            log.flush();
            assertThat(log.recoveryPoint()).isEqualTo(4);
            log.truncateTo(3);
            assertThat(log.recoveryPoint()).isEqualTo(3);
            append(log, "e", "f");
            log.flush();
            assertThat(log.recoveryPoint()).isEqualTo(5);
        }
    }
}
