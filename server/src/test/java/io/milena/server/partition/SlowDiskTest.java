package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowDiskTest {
    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition partition;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.create("orders", 0);
    }

    @AfterEach
    void close() {
        partitions.slowWrites(0);
        partitions.close();
    }

    @Test
    void shouldWriteOnTheCallersThreadWhileTheDiskIsFast() {
        partitions.slowWrites(WritePace.SLOW_WRITE_MS - 1);
        append();
        append();

        assertThat(partition.logEndOffset()).isEqualTo(2);
        assertThat(partitions.background().waiting()).isZero();
    }

    @Test
    void shouldWriteInTheBackgroundAfterASlowWrite() {
        partitions.slowWrites(WritePace.SLOW_WRITE_MS);
        append();
        assertThat(partition.logEndOffset()).isEqualTo(1);

        append();
        append();
        assertThat(partition.logEndOffset()).isEqualTo(1);
        assertThat(partitions.background().waiting()).isEqualTo(1);

        partitions.background().runNext();
        assertThat(partition.logEndOffset()).isEqualTo(2);
        partitions.background().runAll();
        assertThat(partition.logEndOffset()).isEqualTo(3);
    }

    @Test
    void shouldComeBackWhenTheDiskWasFastForAWhile() {
        partitions.slowWrites(WritePace.SLOW_WRITE_MS);
        append();
        partitions.slowWrites(1);
        partitions.timers().advance(WritePace.PROBATION_MS - 2);
        append();
        partitions.background().runAll();
        append();
        assertThat(partition.logEndOffset()).as("still away").isEqualTo(2);

        partitions.background().runAll();
        append();
        assertThat(partition.logEndOffset()).as("at home").isEqualTo(4);
        assertThat(partitions.background().waiting()).isZero();
    }

    @Test
    void shouldStayAwayWhenTheDiskIsSlowNowAndThen() {
        partitions.slowWrites(WritePace.SLOW_WRITE_MS);
        append();
        partitions.timers().advance(WritePace.PROBATION_MS - 1);
        append();
        partitions.background().runAll();
        partitions.slowWrites(0);
        partitions.timers().advance(WritePace.PROBATION_MS - 1);
        append();
        partitions.background().runAll();
        append();

        assertThat(partition.logEndOffset()).isEqualTo(3);
        assertThat(partitions.background().waiting()).isEqualTo(1);
    }

    private void append() {
        ByteBuffer batch = partitions.batch("value");
        partition.strand().execute(() -> partition.append(batch, AppendOrigin.CLIENT));
    }
}
