package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Files that are forced often, or busy, have zeros behind their last batch, which nobody takes for anything else. */
class ReserveTest {
    private static final int BATCHES = 40;

    @TempDir(factory = MemoryDisk.class)
    Path temporary;

    private final LogFixture fixture = new LogFixture();
    private final List<Damage> found = new ArrayList<>();
    private Path folder;

    @BeforeEach
    void expectDamage() {
        folder = temporary.resolve("t-0");
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(Level.OFF);
    }

    @AfterEach
    void leasesAreBack() {
        ((Logger) LoggerFactory.getLogger("io.milena.log")).setLevel(null);
        fixture.assertNothingLeased();
    }

    private PartitionLog open(LogContext.Checkpoints checkpoints) {
        return open(checkpoints, Runnable::run);
    }

    private PartitionLog open(LogContext.Checkpoints checkpoints, Executor background) {
        LogContext context = new LogContext(fixture.clock, background, fixture.openFiles, checkpoints, found::add);
        return PartitionLog.open(folder, LogSettings.DEFAULTS, context);
    }

    private static List<String> appendFlushed(PartitionLog log, int count) {
        for (int i = 0; i < count; i++) {
            LogFixture.append(log, "value " + i);
            log.flush();
        }
        return LogFixture.readAll(log, log.logStartOffset(), 10_000);
    }

    private long fileSize(long baseOffset) throws IOException {
        return Files.size(file(baseOffset));
    }

    private Path file(long baseOffset) {
        return folder.resolve(String.format("%020d.log", baseOffset));
    }

    @Test
    void shouldWriteAheadWhereEveryBatchIsFlushedAndEndWithTheLastBatchWhenClosed() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        List<String> values = appendFlushed(log, BATCHES);
        assertThat(fileSize(0)).isGreaterThan(log.sizeInBytes());
        log.close();
        assertThat(fileSize(0)).isEqualTo(log.sizeInBytes());
        PartitionLog again = open(LogFixture.closed(log));
        assertThat(LogFixture.readAll(again, 0, 10_000)).isEqualTo(values);
        assertThat(found).isEmpty();
        again.close();
    }

    @Test
    void shouldNotWriteAheadInASmallFileThatIsNotFlushed() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        while (log.sizeInBytes() < LogFixture.BUSY_BYTES) {
            LogFixture.append(log, "value");
            assertThat(fileSize(0)).isEqualTo(log.sizeInBytes());
        }
        log.close();
    }

    @Test
    void shouldWriteAheadInALargeFileUpToAMultipleOfTheStretch() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendUntilBusy(log);
        for (int i = 0; i < BATCHES; i++) {
            LogFixture.append(log, "value " + i);
            long stretches = (log.sizeInBytes() + LogFixture.STRETCH_BYTES - 1) / LogFixture.STRETCH_BYTES;
            assertThat(fileSize(0)).isEqualTo(stretches * LogFixture.STRETCH_BYTES);
        }
        List<String> values = LogFixture.readAll(log, 0, 10_000);
        log.close();
        assertThat(fileSize(0)).isEqualTo(log.sizeInBytes());
        PartitionLog again = open(LogFixture.closed(log));
        assertThat(LogFixture.readAll(again, 0, 10_000)).isEqualTo(values);
        again.close();
    }

    @Test
    void shouldNotWriteAheadInALargeFileThatWasJustOpened() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendUntilBusy(log);
        log.close();
        PartitionLog again = open(LogFixture.closed(log));
        LogFixture.append(again, "value");
        assertThat(fileSize(0)).isEqualTo(again.sizeInBytes());
        again.close();
    }

    @Test
    void shouldNotWriteAheadOfBatchesThatAreLarge() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendUntilBusy(log);
        for (int i = 0; i < 3; i++) {
            LogFixture.append(log, "x".repeat(2 * LogFixture.STRETCH_BYTES));
            assertThat(fileSize(0)).isEqualTo(log.sizeInBytes());
        }
        log.close();
    }

    @Test
    void shouldGiveBackTheZerosOnceNothingWasAppendedForAWhile() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendUntilBusy(log);
        LogFixture.append(log, "value");
        log.applyRetention(0);
        LogFixture.append(log, "value");
        log.applyRetention(0);
        assertThat(fileSize(0)).as("busy").isGreaterThan(log.sizeInBytes());
        log.applyRetention(0);
        assertThat(fileSize(0)).as("idle").isEqualTo(log.sizeInBytes());
        List<String> values = LogFixture.readAll(log, 0, 10_000);
        appendUntilBusy(log);
        assertThat(LogFixture.readAll(log, 0, 10_000)).startsWith(values.toArray(String[]::new));
        log.close();
        assertThat(found).isEmpty();
    }

    /** Until the next append is the first one with zeros behind it. */
    private void appendUntilBusy(PartitionLog log) throws IOException {
        long size = log.sizeInBytes();
        while (fileSize(0) == log.sizeInBytes()) {
            assertThat(log.sizeInBytes() - size).isLessThan(LogFixture.BUSY_BYTES * 2);
            LogFixture.append(log, "value");
        }
    }

    @Test
    void shouldEndASealedSegmentWithItsLastBatch() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendFlushed(log, BATCHES);
        int size = (int) log.sizeInBytes();
        assertThat(fileSize(0)).isGreaterThan(size);
        log.roll();
        assertThat(fileSize(0)).isEqualTo(size);
        log.close();
    }

    @Test
    void shouldTakeTheZerosAfterACrashForNoDamage() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        List<String> values = appendFlushed(log, BATCHES);
        PartitionLog again = open(LogFixture.crashed(log));
        assertThat(LogFixture.readAll(again, 0, 10_000)).isEqualTo(values);
        assertThat(again.logEndOffset()).isEqualTo(BATCHES);
        assertThat(fileSize(0)).isEqualTo(again.sizeInBytes());
        assertThat(found).isEmpty();
        again.close();
        log.abandon();
    }

    @Test
    void shouldKeepWhatFollowsASegmentThatWasSealedJustBeforeACrash() throws IOException {
        List<Runnable> neverRun = new ArrayList<>();
        PartitionLog log = open(LogContext.NO_CHECKPOINTS, neverRun::add);
        appendFlushed(log, BATCHES);
        log.roll();
        LogFixture.append(log, "next");
        assertThat(fileSize(0)).isGreaterThan(log.sizeInBytes() - fileSize(BATCHES));
        PartitionLog again = open(LogFixture.crashed(log));
        assertThat(again.logEndOffset()).isEqualTo(BATCHES + 1);
        assertThat(found).isEmpty();
        again.close();
        log.abandon();
    }

    @Test
    void shouldReportFlushedRecordsThatBecameZeros() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendFlushed(log, BATCHES);
        int end = (int) log.sizeInBytes();
        try (FileChannel file = FileChannel.open(file(0), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(end / BATCHES), end - end / BATCHES);
        }
        PartitionLog again = open(LogFixture.crashed(log));
        assertThat(found).extracting(Damage::kind).contains(Damage.Kind.END_OF_LOG, Damage.Kind.RECORDS);
        assertThat(again.logEndOffset()).as("offsets are not used again").isEqualTo(BATCHES);
        again.close();
        log.abandon();
    }

    @Test
    void shouldAppendWithoutAReserveOnADiskThatIsAlmostFull() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(() -> 0, new Random(1));
        folder = disk.folder("t-0");
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendFlushed(log, BATCHES);
        int batch = (int) log.sizeInBytes() / BATCHES;
        while (fileSize(0) - log.sizeInBytes() >= batch) {
            appendFlushed(log, 1);
        }
        disk.faults().freeBytes(batch);
        appendFlushed(log, 1);
        assertThat(log.isFailed()).isFalse();
        disk.faults().repair();
        appendFlushed(log, BATCHES);
        assertThat(fileSize(0)).isGreaterThan(log.sizeInBytes());
        log.close();
        assertThat(found).isEmpty();
    }

    @Test
    void shouldWriteAheadAgainAfterATruncation() throws IOException {
        PartitionLog log = open(LogContext.NO_CHECKPOINTS);
        appendFlushed(log, BATCHES);
        log.truncateTo(5);
        assertThat(fileSize(0)).isEqualTo(log.sizeInBytes());
        List<String> values = appendFlushed(log, BATCHES);
        assertThat(fileSize(0)).isGreaterThan(log.sizeInBytes());
        PartitionLog again = open(LogFixture.crashed(log));
        assertThat(LogFixture.readAll(again, 0, 10_000)).isEqualTo(values);
        again.close();
        log.abandon();
    }
}
