package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings;
import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.CompactionSchedule;
import io.milena.server.strand.ManualExecutor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactablePartitionTest {
    private static final PartitionSettings COMPACTED = new PartitionSettings(
            LogSettings.DEFAULTS.withCleanupPolicy(Set.of(CleanupPolicy.COMPACT)), 2, false, false);

    @TempDir
    Path folder;

    private final ManualExecutor background = new ManualExecutor();
    private TestPartitions partitions;
    private Partition partition;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.closed("t", 0, COMPACTED, partitions.home());
        partitions.lead(partition, 1, List.of(TestPartitions.BROKER, 2));
    }

    @AfterEach
    void close() {
        partitions.close();
        assertThat(partitions.leases()).isZero();
    }

    private void append(String key) {
        partition.strand().execute(() -> {
            ByteBuffer bytes = ByteBuffer.wrap(key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            partition.append(new BatchBuilder().append(1, bytes, bytes).build().bytes(), AppendOrigin.CLIENT);
            partition.log().roll();
        });
    }

    @Test
    void shouldBeCompactedUpToWhatIsCommitted() {
        append("a");
        append("a");
        append("a");
        CompactionSchedule schedule = new CompactionSchedule(
                () -> List.of(new CompactablePartition(partition)),
                background,
                partitions.timers()::schedule,
                partitions.timers()::nowMs,
                CleanerSettings.DEFAULTS);
        schedule.start();
        background.runAll();
        assertThat(partition.log().firstDirtyOffset()).isZero();

        partition.strand().execute(() -> partition.replicaCopied(2, 2));
        long before = partition.log().sizeInBytes();
        partitions.timers().advance(CleanerSettings.DEFAULTS.backoffMs());
        background.runAll();
        assertThat(partition.log().firstDirtyOffset()).isEqualTo(2);
        assertThat(partition.log().sizeInBytes()).isLessThan(before);
        schedule.close();
    }

    @Test
    void shouldBeEqualToItselfOnly() {
        assertThat(new CompactablePartition(partition))
                .isEqualTo(new CompactablePartition(partition))
                .isNotEqualTo(new CompactablePartition(partitions.create("t", 1)))
                .hasToString("t-0");
    }
}
