package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.segment.OpenFiles;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TestImages;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.metrics.LogActivity;
import io.milena.server.storage.DataFolders;
import io.milena.server.strand.ManualTimers;
import io.milena.server.strand.Strand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionUpkeepTest {
    private static final long RETENTION_CHECK_MS = 300_000;
    private static final long CHECKPOINT_MS = 60_000;
    private static final UUID ORDERS = new UUID(7, 7);

    @TempDir
    Path folder;

    private final BrokerSettings settings = BrokerSettings.of(Map.of("node.id", "1"));
    private final ManualTimers timers = new ManualTimers();
    private DataFolders folders;
    private Partitions partitions;
    private PartitionUpkeep upkeep;
    private Partition orders;

    @BeforeEach
    void start() {
        folders = DataFolders.open(List.of(folder.toString()), folder.toString(), 1);
        PartitionStore store = new PartitionStore(
                () -> settings,
                folders,
                directory -> directory.context(timers.clock(), Runnable::run, OpenFiles.withDefaults(Runnable::run)),
                name -> new Strand(name, Runnable::run),
                disk -> new PartitionContext(Runnable::run, Runnable::run, timers, 0, new LogActivity(), disk),
                failed -> {});
        ClusterImage empty = ClusterImage.empty("cluster", 1);
        partitions = new Partitions(1, store, Runnable::run, 1, empty);
        TopicImage topic = new TopicImage(
                "orders",
                ORDERS,
                List.of(new PartitionImage(0, 1, 0, List.of(1), List.of(1))),
                Map.of("retention.ms", "1000"));
        partitions
                .imageChanged(empty, TestImages.with(empty, topic))
                .toCompletableFuture()
                .join();
        orders = partitions.find("orders", 0);
        upkeep = new PartitionUpkeep(partitions, store, timers, Runnable::run);
        upkeep.start(settings);
    }

    @AfterEach
    void stop() {
        upkeep.close();
        assertThat(timers.waiting()).isZero();
        partitions.close().toCompletableFuture().join();
        folders.close();
    }

    @Test
    void shouldDeleteOldRecordsEveryNowAndThen() {
        append();
        timers.advance(RETENTION_CHECK_MS - 1);
        assertThat(orders.logStartOffset()).isZero();

        timers.advance(1);
        assertThat(orders.logStartOffset()).isEqualTo(1);

        append();
        timers.advance(RETENTION_CHECK_MS);
        assertThat(orders.logStartOffset()).isEqualTo(2);
    }

    @Test
    void shouldWriteCheckpointsWhenSomethingMoved() throws IOException {
        append();
        timers.advance(CHECKPOINT_MS);
        Path committed = folder.resolve("replication-offset-checkpoint");
        assertThat(committed).content().contains("orders 0 1");

        Files.setLastModifiedTime(committed, FileTime.fromMillis(0));
        timers.advance(CHECKPOINT_MS);
        assertThat(Files.getLastModifiedTime(committed).toMillis()).isZero();

        append();
        timers.advance(CHECKPOINT_MS);
        assertThat(committed).content().contains("orders 0 2");
    }

    private void append() {
        TestPartitions batches = new TestPartitions(folder);
        orders.strand().execute(() -> orders.append(batches.batch("value"), AppendOrigin.CLIENT));
    }
}
