package io.milena.log;

import static io.milena.log.LogFixture.append;
import static io.milena.log.LogFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.batch.AppendOrigin;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogTest {
    @TempDir
    Path folder;

    private final LogFixture fixture = new LogFixture();

    @AfterEach
    void leasesAreBack() {
        fixture.assertNothingLeased();
    }

    @Test
    void shouldGiveBackWhatWasAppended() {
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
            AppendResult first = append(log, "a", "b");
            AppendResult second = append(log, "c");

            assertThat(first.firstOffset()).isZero();
            assertThat(first.lastOffset()).isEqualTo(1);
            assertThat(second.firstOffset()).isEqualTo(2);
            assertThat(log.logEndOffset()).isEqualTo(3);
            assertThat(readAll(log, 0, 1000)).containsExactly("0:a", "1:b", "2:c");
            assertThat(readAll(log, 1, 1)).containsExactly("1:b", "2:c");
            assertThat(readAll(log, 3, 1000)).isEmpty();
        }
    }

    @Test
    void shouldKeepEverythingAcrossReopening() {
        PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context());
        for (int i = 0; i < 500; i++) {
            append(log, "value-" + i);
        }
        var before = readAll(log, 0, 2000);
        var unclean = LogFixture.crashed(log);
        log.close();
        for (var checkpoints : java.util.List.of(LogFixture.closed(log), unclean, LogContext.NO_CHECKPOINTS)) {
            try (PartitionLog again = PartitionLog.open(folder, LogFixture.SMALL, fixture.context(checkpoints))) {
                assertThat(again.logEndOffset()).isEqualTo(500);
                assertThat(readAll(again, 0, 2000)).isEqualTo(before);
                assertThat(again.leaderEpochs().latest()).hasValue(1);
            }
        }
    }

    @Test
    void shouldRefuseOffsetsOutsideTheLog() {
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
            append(log, "a", "b");
            log.deleteBefore(1);

            assertThatThrownBy(() -> log.read(0, 10, 10, ReadSize.STRICT))
                    .isInstanceOfSatisfying(
                            LogException.class, e -> assertThat(e.error()).isEqualTo(LogError.OFFSET_OUT_OF_RANGE));
            assertThatThrownBy(() -> log.read(3, 10, 10, ReadSize.STRICT)).isInstanceOf(LogException.class);
        }
    }

    @Test
    void shouldNotGiveABatchThatIsTooLargeForAStrictRead() {
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
            append(log, "a".repeat(100));

            try (LogSlice slice = log.read(0, 99, 10, ReadSize.STRICT)) {
                assertThat(slice.isEmpty()).isTrue();
            }
            try (LogSlice slice = log.read(0, 99, 10, ReadSize.WHOLE_FIRST_BATCH)) {
                assertThat(slice.sizeInBytes()).isGreaterThan(99);
            }
        }
    }

    @Test
    void shouldRefuseABatchLargerThanASegment() {
        try (PartitionLog log = PartitionLog.open(folder, LogFixture.SMALL, fixture.context())) {
            assertThatThrownBy(() -> log.append(LogFixture.batch(1, "x".repeat(5000)), 1, AppendOrigin.CLIENT))
                    .isInstanceOfSatisfying(
                            LogException.class, e -> assertThat(e.error()).isEqualTo(LogError.RECORD_LIST_TOO_LARGE));
            append(log, "still works");
        }
    }
}
