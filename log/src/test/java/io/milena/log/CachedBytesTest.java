package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.segment.OpenFiles;
import io.milena.log.segment.PageCache;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log believes to be in the memory of the system. */
class CachedBytesTest {
    private static final int MIB = 1 << 20;
    private static final int WANTED = 4 * MIB;
    private static final LogSettings SETTINGS = LogSettings.DEFAULTS.withSegmentBytes(8 * MIB);

    @TempDir
    Path folder;

    private OpenFiles openFiles = openFiles(1 << 30);

    private static OpenFiles openFiles(long pageCacheBytes) {
        return new OpenFiles(100, 100, MIB, new PageCache(pageCacheBytes), Runnable::run);
    }

    private PartitionLog open() {
        return PartitionLog.open(
                folder.resolve("t-0"),
                SETTINGS,
                new LogContext(Clock.systemUTC(), Runnable::run, openFiles, LogContext.NO_CHECKPOINTS));
    }

    private static void append(PartitionLog log, int mebibytes) {
        for (int i = 0; i < 2 * mebibytes; i++) {
            log.append(LogFixture.batch(1000, "x".repeat(MIB / 2 - 100)), 1, AppendOrigin.CLIENT);
        }
    }

    @Test
    void shouldBelieveThatWhatWasAppendedIsThere() {
        try (PartitionLog log = open()) {
            assertThat(log.cachedBytes(0, WANTED)).isEqualTo(WANTED);
            append(log, 12);
            assertThat(log.cachedBytes(0, WANTED)).isEqualTo(WANTED);
            assertThat(log.cachedBytes(log.logEndOffset() - 1, WANTED)).isEqualTo(WANTED);
            assertThat(log.cachedBytes(log.logEndOffset(), WANTED)).isEqualTo(WANTED);
        }
    }

    @Test
    void shouldNotBelieveThatWhatWasThereBeforeTheStartIsThere() {
        try (PartitionLog log = open()) {
            append(log, 12);
        }
        openFiles = openFiles(1 << 30);
        try (PartitionLog log = open()) {
            assertThat(log.cachedBytes(0, WANTED)).isZero();

            log.bringIn(0, 1, MIB);

            assertThat(log.cachedBytes(0, MIB)).isEqualTo(MIB);
            assertThat(log.cachedBytes(0, WANTED)).isBetween(MIB, WANTED - 1);
            assertThat(openFiles.leases()).isZero();
        }
    }

    @Test
    void shouldBringInWhatLiesInTheSegmentAlone() {
        try (PartitionLog log = open()) {
            append(log, 12);
        }
        openFiles = openFiles(1 << 30);
        try (PartitionLog log = open()) {
            log.bringIn(0, 100 * MIB, 100 * MIB);

            assertThat(log.cachedBytes(0, 8 * MIB)).isEqualTo(8 * MIB);
            assertThat(log.cachedBytes(log.logEndOffset() - 1, WANTED)).isZero();
            log.bringIn(log.logEndOffset(), MIB, MIB);
            assertThat(log.cachedBytes(log.logEndOffset() - 1, WANTED)).isZero();
        }
    }

    @Test
    void shouldForgetWhatOtherBytesMayHavePushedOut() {
        openFiles = openFiles(4 * MIB);
        try (PartitionLog log = open()) {
            append(log, 1);
            assertThat(log.cachedBytes(0, 100)).isEqualTo(100);
            append(log, 5);
            assertThat(log.cachedBytes(0, 100)).isZero();
            assertThat(log.cachedBytes(log.logEndOffset() - 1, WANTED)).isEqualTo(WANTED);
        }
    }
}
