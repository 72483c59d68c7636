package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogContext;
import io.milena.log.LogSettings;
import io.milena.log.PartitionLog;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.segment.OpenFiles;
import io.milena.server.strand.Strand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gate whose log takes changes again after its disk failed. */
class FlushGateHealingTest {
    @TempDir
    Path folder;

    private TestPartitions partitions;
    private final List<String> told = new ArrayList<>();
    private PartitionLog log;
    private FlushGate gate;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        LogContext context = new LogContext(
                partitions.timers().clock(),
                Runnable::run,
                OpenFiles.withDefaults(Runnable::run),
                LogContext.NO_CHECKPOINTS);
        log = PartitionLog.open(folder.resolve("orders-0"), LogSettings.DEFAULTS.withFlushMessages(1), context);
        gate = new FlushGate(
                log,
                new Strand("orders-0", partitions.home()),
                partitions.context(),
                () -> told.add("flushed"),
                cause -> told.add("failed"));
    }

    @AfterEach
    void close() {
        gate.close();
        log.close();
    }

    @Test
    void shouldHoldBackUntilTheLogIsHealed() {
        append();
        failingFlush();
        assertThat(told).containsExactly("failed");
        assertThat(gate.limit()).isZero();
        assertThat(partitions.flushThreads().waiting()).isZero();

        log.recoverFromFailure();
        assertThat(gate.limit()).isEqualTo(1);

        append();
        assertThat(gate.limit()).isEqualTo(1);
        partitions.flushThreads().runAll();
        assertThat(gate.limit()).isEqualTo(2);
        assertThat(told).containsExactly("failed", "flushed");
    }

    @Test
    void shouldNotTakeAnOldFailureForANewOne() {
        append();
        Strand busy = new Strand("busy", partitions.home());
        busy.execute(
                () -> { // what ends here is told to the partition's strand afterwards
                    failingFlush();
                    log.recoverFromFailure();
                    gate.recovered();
                });
        assertThat(told).containsExactly("flushed");

        partitions.home().runAll();
        assertThat(told).doesNotContain("failed");
        assertThat(gate.limit()).isEqualTo(1);
    }

    private void append() {
        long from = log.logEndOffset();
        log.append(partitions.batch("value"), 1, AppendOrigin.CLIENT);
        gate.appended(from);
    }

    private void failingFlush() {
        move("orders-0", "elsewhere");
        partitions.flushThreads().runAll();
        move("elsewhere", "orders-0");
    }

    private void move(String from, String to) {
        try {
            Files.move(folder.resolve(from), folder.resolve(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
