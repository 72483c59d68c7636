package io.milena.log;

import static io.milena.log.LogFixture.append;
import static io.milena.log.LogFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.milena.log.DiskFaults.Operation;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A log whose disk fails and gets well again while the log stays open. */
class LogHealingTest {
    private final LogFixture fixture = new LogFixture();
    private final SimulatedDisk disk = new SimulatedDisk(fixture.clock::millis, new Random(1));
    private PartitionLog log;

    @BeforeEach
    void open() {
        ((Logger) LoggerFactory.getLogger(LogState.class)).setLevel(Level.OFF);
        log = PartitionLog.open(disk.folder("data").resolve("t-0"), LogFixture.SMALL, fixture.context());
    }

    @AfterEach
    void leasesAreBack() {
        ((Logger) LoggerFactory.getLogger(LogState.class)).setLevel(null);
        fixture.assertNothingLeased();
    }

    private static void assertStorageError(Runnable change) {
        assertThatThrownBy(change::run)
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(LogError.STORAGE_ERROR));
    }

    @Test
    void shouldGoOnWhenAFullDiskHasRoomAgain() {
        append(log, "a", "b");
        disk.faults().freeBytes(40);
        assertStorageError(() -> append(log, "c"));
        assertThat(log.failure()).hasValueSatisfying(e -> assertThat(e).hasMessage("No space left on device"));
        assertThat(log.logEndOffset()).isEqualTo(2);

        assertStorageError(log::recoverFromFailure);
        assertThat(log.isFailed()).isTrue();
        assertThat(readAll(log, 0, 1000)).containsExactly("0:a", "1:b");

        disk.faults().repair();
        log.recoverFromFailure();
        assertThat(log.isFailed()).isFalse();
        assertThat(log.failure()).isEmpty();
        assertThat(append(log, "d").firstOffset()).isEqualTo(2);
        assertThat(readAll(log, 0, 1000)).containsExactly("0:a", "1:b", "2:d");
    }

    @Test
    void shouldLeaveNothingOfAHalfWrittenBatchToARestart() {
        append(log, "a");
        disk.faults().freeBytes(200);
        assertStorageError(() -> append(log, "x".repeat(1000)));
        disk.faults().repair();
        log.recoverFromFailure();
        append(log, "b");
        List<String> before = readAll(log, 0, 1000);

        disk.restart();
        try (PartitionLog again =
                PartitionLog.open(log.directory(), LogFixture.SMALL, fixture.context(LogFixture.crashed(log)))) {
            assertThat(readAll(again, 0, 1000)).isEqualTo(before).containsExactly("0:a", "1:b");
        }
    }

    @Test
    void shouldHealAtAnyPointAtWhichTheDiskIsFull() {
        List<String> expected = new ArrayList<>();
        int failures = 0;
        for (int free = 0; free < 6000; free += 97) {
            disk.faults().freeBytes(free);
            for (int i = 0; i < 8; i++) {
                String value = free + "-" + i + "x".repeat(600);
                try {
                    long offset = log.append(LogFixture.batch(1000, value), 1, AppendOrigin.CLIENT)
                            .firstOffset();
                    expected.add(offset + ":" + value);
                } catch (LogException e) {
                    failures++;
                }
            }
            disk.faults().repair();
            log.recoverFromFailure();
            assertThat(readAll(log, 0, 5000)).isEqualTo(expected);
        }
        assertThat(failures).isGreaterThan(40);
        disk.restart();
        try (PartitionLog again = PartitionLog.open(log.directory(), LogFixture.SMALL, fixture.context())) {
            assertThat(readAll(again, 0, 5000)).isEqualTo(expected);
        }
    }

    @Test
    void shouldFinishADeletionThatTheDiskRefused() throws IOException {
        for (String value : List.of("a", "b", "c", "d")) {
            append(log, value);
            log.roll();
        }
        append(log, "e");
        log.deleteBefore(3);
        disk.faults().fail(Set.of(Operation.RENAME), 0);
        assertStorageError(() -> log.applyRetention(5));
        disk.faults().repair();
        log.recoverFromFailure();

        disk.restart();
        LogContext.Checkpoints crashed = LogFixture.crashed(log);
        try (PartitionLog again = PartitionLog.open(log.directory(), LogFixture.SMALL, fixture.context(crashed))) {
            assertThat(again.logStartOffset()).isEqualTo(3);
            assertThat(readAll(again, 3, 1000)).containsExactly("3:d", "4:e");
        }
        try (Stream<Path> files = Files.list(log.directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .doesNotContain("00000000000000000000.log", "00000000000000000001.log");
        }
    }

    @Test
    void shouldForgetProducersWhoseSnapshotWasHalfWritten() {
        for (int forces = 0; forces < 8; forces++) {
            Path folder = disk.folder("data").resolve("snapshot-" + forces);
            List<Runnable> background = new ArrayList<>();
            LogContext context =
                    new LogContext(fixture.clock, background::add, fixture.openFiles, LogContext.NO_CHECKPOINTS);
            try (PartitionLog begun = PartitionLog.open(folder, LogFixture.SMALL, context)) {
                begun.append(
                        new BatchBuilder()
                                .producer(7, (short) 0, 0)
                                .append(1000, null, LogFixture.bytes("a"))
                                .build()
                                .bytes(),
                        1,
                        AppendOrigin.CLIENT);
                begun.roll();
                append(begun, "b");
                disk.faults().fail(Set.of(Operation.FORCE), forces);
                background.forEach(Runnable::run);
                disk.faults().repair();
                if (begun.isFailed()) {
                    begun.recoverFromFailure();
                }
                begun.truncateFullyAndStartAt(5);

                disk.restart();
                LogContext.Checkpoints crashed = LogFixture.crashed(begun);
                try (PartitionLog again = PartitionLog.open(folder, LogFixture.SMALL, fixture.context(crashed))) {
                    assertThat(again.producers().active())
                            .as("after %s forces", forces)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void shouldBeDurableAgainAfterAFailedFlush() {
        for (int i = 0; i < 20; i++) {
            append(log, "value-" + i);
        }
        disk.faults().fail(Set.of(Operation.FORCE), 3);
        assertStorageError(log::flush);
        disk.faults().repair();
        log.recoverFromFailure();
        List<String> kept = readAll(log, 0, 5000);
        assertThat(log.logEndOffset()).isEqualTo(20);
        assertThat(log.recoveryPoint()).isEqualTo(20);
        assertThat(append(log, "next").firstOffset()).isEqualTo(20);
        log.flush();

        LogContext.Checkpoints checkpoints = LogFixture.crashed(log);
        disk.losePower();
        try (PartitionLog again = PartitionLog.open(log.directory(), LogFixture.SMALL, fixture.context(checkpoints))) {
            kept.add("20:next");
            assertThat(readAll(again, 0, 5000)).isEqualTo(kept);
        }
    }

    @Test
    void shouldHealAfterAnyFailedFlush() {
        int lossesAtTheEnd = 0;
        for (int after = 0; after < 60; after++) {
            long end = log.logEndOffset();
            List<String> before = readAll(log, 0, 5000);
            disk.faults().fail(Set.of(Operation.FORCE), after % 12);
            for (int i = 0; i < 7 && !log.isFailed(); i++) {
                end = append(log, after + "-" + i + "x".repeat(after % 12 * 60)).lastOffset() + 1;
            }
            try {
                log.flush();
            } catch (LogException e) {
                assertThat(log.isFailed()).isTrue();
            }
            disk.faults().repair();
            log.recoverFromFailure();
            assertThat(log.logEndOffset()).isEqualTo(end);
            List<String> kept = readAll(log, 0, 5000);
            assertThat(kept.subList(0, before.size())).isEqualTo(before);
            lossesAtTheEnd += end - Long.parseLong(kept.get(kept.size() - 1).split(":")[0]) > 1 ? 1 : 0;
        }
        assertThat(lossesAtTheEnd).isPositive();
        List<String> kept = readAll(log, 0, 5000);
        LogContext.Checkpoints checkpoints = LogFixture.crashed(log);
        disk.losePower();
        try (PartitionLog again = PartitionLog.open(log.directory(), LogFixture.SMALL, fixture.context(checkpoints))) {
            assertThat(readAll(again, 0, 5000)).isEqualTo(kept);
        }
    }

    @Test
    void shouldStayFailedWhileTheFolderIsReadOnly() {
        append(log, "a");
        disk.faults().readOnly();
        assertStorageError(() -> append(log, "b"));
        assertStorageError(log::recoverFromFailure);
        assertStorageError(() -> append(log, "c"));
        disk.faults().repair();
        log.recoverFromFailure();
        assertThat(append(log, "d").firstOffset()).isEqualTo(1);
    }

    @Test
    void shouldDoNothingToAHealthyLog() {
        append(log, "a");
        long operations = disk.faults().operations();
        log.recoverFromFailure();
        assertThat(disk.faults().operations()).isEqualTo(operations);
    }
}
