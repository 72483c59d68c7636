package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings;
import io.milena.log.batch.AppendOrigin;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushTimeTest {
    private static final long FLUSH_MS = 1000;

    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition partition;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.create("orders", 0, flushMs(FLUSH_MS));
    }

    @AfterEach
    void close() {
        partitions.close();
        partitions.flushThreads().runAll();
        assertThat(partitions.timers().waiting()).as("timers left").isZero();
    }

    @Test
    void shouldFlushWhenTheOldestRecordHasWaitedLongEnough() {
        partitions.append(partition, "a");
        partitions.timers().advance(FLUSH_MS - 1);
        partitions.append(partition, "b");
        assertThat(partitions.flushThreads().waiting()).isZero();
        assertThat(partition.highWatermark()).as("held back by nothing").isEqualTo(2);

        partitions.timers().advance(1);
        assertThat(partitions.flushThreads().waiting()).isEqualTo(1);
        partitions.flushThreads().runAll();
        assertThat(partition.log().recoveryPoint()).isEqualTo(2);
        assertThat(partitions.timers().waiting()).isZero();
    }

    @Test
    void shouldHoldNothingBackWhileItFlushes() {
        partitions.append(partition, "a");
        partitions.timers().advance(FLUSH_MS);
        partitions.append(partition, "b");

        assertThat(partition.highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldWaitAgainForWhatCameDuringAFlush() {
        partitions.append(partition, "a");
        partitions.timers().advance(FLUSH_MS);
        partition.strand().execute(() -> {
            partitions.flushThreads().runNext();
            partition.append(partitions.batch("b"), AppendOrigin.CLIENT);
        });
        assertThat(partition.log().recoveryPoint()).isEqualTo(1);
        assertThat(partitions.flushThreads().waiting()).isZero();

        partitions.timers().advance(FLUSH_MS);
        partitions.flushThreads().runAll();
        assertThat(partition.log().recoveryPoint()).isEqualTo(2);
    }

    @Test
    void shouldFollowChangesOfTheSetting() {
        partitions.append(partition, "a");
        settings(flushMs(10));
        partitions.timers().advance(10);
        partitions.flushThreads().runAll();
        assertThat(partition.log().recoveryPoint()).isEqualTo(1);

        partitions.append(partition, "b");
        settings(TestPartitions.SETTINGS);
        assertThat(partitions.timers().waiting()).isZero();

        settings(flushMs(FLUSH_MS));
        partitions.timers().advance(FLUSH_MS);
        partitions.flushThreads().runAll();
        assertThat(partition.log().recoveryPoint()).isEqualTo(2);
    }

    @Test
    void shouldNotFlushAgainWhatWasFlushedForItsNumber() {
        settings(
                new PartitionSettings(LogSettings.DEFAULTS.withFlushMs(FLUSH_MS).withFlushMessages(1), 1, true, false));
        partitions.append(partition, "a");
        partitions.flushThreads().runAll();
        partitions.timers().advance(FLUSH_MS);

        assertThat(partitions.flushThreads().waiting()).isZero();
    }

    @Test
    void shouldSetNoTimerUnlessAsked() {
        Partition other = partitions.create("unflushed", 0);
        partitions.append(other, "a");

        assertThat(partitions.timers().waiting()).isZero();
    }

    private void settings(PartitionSettings settings) {
        partition.strand().execute(() -> partition.settings(settings));
    }

    private static PartitionSettings flushMs(long ms) {
        return new PartitionSettings(LogSettings.DEFAULTS.withFlushMs(ms), 1, true, false);
    }
}
