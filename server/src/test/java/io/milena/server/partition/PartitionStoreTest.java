package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogException;
import io.milena.log.PartitionLog;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.segment.OpenFiles;
import io.milena.server.config.BrokerSettings;
import io.milena.server.metrics.LogActivity;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.DataFolderException;
import io.milena.server.storage.DataFolders;
import io.milena.server.strand.ManualTimers;
import io.milena.server.strand.Strand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionStoreTest {
    private static final UUID ORDERS = new UUID(7, 7);

    @TempDir
    Path root;

    private final List<String> suspects = new ArrayList<>();
    private final List<Partition> open = new ArrayList<>();
    private final ManualTimers timers = new ManualTimers();
    private DataFolders folders;
    private PartitionStore store;

    @BeforeEach
    void start() {
        folders = DataFolders.open(List.of(root + "/a", root + "/b"), root + "/m", 1);
        store = new PartitionStore(
                () -> BrokerSettings.of(Map.of("node.id", "1")),
                folders,
                directory -> directory.context(timers.clock(), Runnable::run, OpenFiles.withDefaults(Runnable::run)),
                name -> new Strand(name, Runnable::run),
                disk -> new PartitionContext(Runnable::run, Runnable::run, timers, 0, new LogActivity(), disk),
                folder -> suspects.add(nameOf(folder)));
    }

    @AfterEach
    void stop() {
        for (Partition partition : open) {
            partition.strand().execute(() -> partition.close(PartitionLog::close));
        }
        store.closed(open);
        open.clear();
        folders.close();
    }

    @Test
    void shouldPutNewPartitionsWhereThereAreFewest() {
        assertThat(create(0)).isEqualTo("a");
        assertThat(create(1)).isEqualTo("b");
        assertThat(create(2)).isEqualTo("a");
        Partition first = open.remove(0);
        first.strand().execute(() -> first.close(PartitionLog::delete));
        store.deleted(first);
        Partition third = open.remove(1);
        third.strand().execute(() -> third.close(PartitionLog::delete));
        store.deleted(third);
        assertThat(create(3)).isEqualTo("a");
    }

    @Test
    void shouldFindEachPartitionWhereItLies() {
        create(0);
        create(1);
        append(open.get(1));
        store.checkpoint(open);
        assertThat(root.resolve("a/replication-offset-checkpoint")).content().contains("orders 0 0");
        assertThat(root.resolve("b/replication-offset-checkpoint")).content().contains("orders 1 1");
        stop();
        assertThat(root.resolve("a/.kafka_cleanshutdown")).exists();
        assertThat(root.resolve("b/.kafka_cleanshutdown")).exists();

        start();
        assertThat(store.foundIn(identity(1))).isEqualTo(root.resolve("b"));
        assertThat(store.foundIn(identity(2))).isNull();
        Partition found = store.open(identity(1), TestPartitions.SETTINGS);
        open.add(found);
        assertThat(found.highWatermark()).isEqualTo(1);
        assertThat(nameOf(found.folder())).isEqualTo("b");
        assertThat(create(2)).as("a and b hold one each").isEqualTo("a");
        assertThat(create(3)).isEqualTo("b");
    }

    @Test
    void shouldNotMakeAnewWhatMayLieInAFailedFolder() throws IOException {
        create(0);
        create(1);
        stop();
        Files.move(root.resolve("b"), root.resolve("away"));
        Files.createFile(root.resolve("b"));
        start();
        assertThatThrownBy(() -> store.open(identity(1), TestPartitions.SETTINGS))
                .isInstanceOf(PartitionException.class);
        open.add(store.open(identity(0), TestPartitions.SETTINGS));
        assertThat(create(2)).isEqualTo("a");
        assertThat(create(3)).isEqualTo("a");
        stop();

        Files.delete(root.resolve("b"));
        Files.move(root.resolve("away"), root.resolve("b"));
        start();
        open.add(store.open(identity(1), TestPartitions.SETTINGS));
        assertThat(nameOf(open.get(0).folder())).isEqualTo("b");
    }

    @Test
    void shouldMakeAnewWhatIsMissing() {
        open.add(store.open(identity(0), TestPartitions.SETTINGS));
        assertThat(root.resolve("a/orders-0/partition.metadata")).exists();
    }

    @Test
    void shouldRefuseAPartitionInTwoFolders() throws IOException {
        create(0);
        stop();
        Files.createDirectories(root.resolve("b/orders-0"));
        assertThatThrownBy(this::start)
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("orders-0")
                .hasMessageContaining(root + "/a")
                .hasMessageContaining(root + "/b");
        folders.close();
        Files.delete(root.resolve("b/orders-0"));
        start();
    }

    @Test
    void shouldTryAnotherFolderWhenOneTakesNoNewPartition() throws IOException {
        stop();
        Files.move(root.resolve("a"), root.resolve("away"));
        start();
        Files.delete(root.resolve("a/.lock"));
        deleteAll(root.resolve("a"));
        Files.createFile(root.resolve("a"));
        assertThat(create(0)).isEqualTo("b");
        assertThat(suspects).contains("a");
        Files.delete(root.resolve("a"));
        Files.createDirectory(root.resolve("a"));
    }

    @Test
    void shouldStayWithTheFolderWhereItBegan() throws IOException {
        Files.createFile(root.resolve("a/orders-0"));
        assertThatThrownBy(() -> create(0)).isInstanceOf(LogException.class);
        assertThat(suspects).containsExactly("a");
        assertThatThrownBy(() -> create(0)).isInstanceOf(LogException.class);
        Files.delete(root.resolve("a/orders-0"));
        assertThat(create(0)).isEqualTo("a");
    }

    @Test
    void shouldKeepTheNotesOfAPartitionThatDoesNotSayWhoseItIs() throws IOException {
        create(0);
        append(open.get(0));
        stop();
        Files.delete(root.resolve("a/orders-0/partition.metadata"));
        start();
        Partition found = store.open(identity(0), TestPartitions.SETTINGS);
        open.add(found);
        assertThat(found.highWatermark()).isEqualTo(1);
        assertThat(root.resolve("a/orders-0/partition.metadata")).exists();
    }

    private String create(int index) {
        Partition partition = store.create(identity(index), TestPartitions.SETTINGS);
        open.add(partition);
        return nameOf(partition.folder());
    }

    private void append(Partition partition) {
        TestPartitions batches = new TestPartitions(root);
        batches.lead(partition, 1, List.of(TestPartitions.BROKER));
        partition.strand().execute(() -> partition.append(batches.batch("value"), AppendOrigin.CLIENT));
    }

    private static PartitionIdentity identity(int index) {
        return new PartitionIdentity("orders", ORDERS, index);
    }

    private static String nameOf(DataFolder folder) {
        return folder.path().getFileName().toString();
    }

    private static void deleteAll(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
