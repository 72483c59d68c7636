package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSlice;
import io.milena.log.PartitionLog;
import io.milena.log.ReadSize;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.segment.OpenFiles;
import io.milena.protocol.ErrorCode;
import io.milena.server.config.BrokerSettings;
import io.milena.server.metrics.LogActivity;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.DataFolders;
import io.milena.server.strand.ManualTimers;
import io.milena.server.strand.Strand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions that move between two data folders, step by step. */
class ReplicaMovesTest implements PartitionLookup {
    private static final UUID ORDERS = new UUID(7, 7);

    @TempDir
    Path root;

    private final ManualTimers timers = new ManualTimers();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final List<Partition> open = new ArrayList<>();
    private ErrorCode whyMissing = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    private DataFolders folders;
    private PartitionStore store;
    private ReplicaMoves moves;

    @BeforeEach
    void start() {
        folders = DataFolders.open(List.of(root + "/a", root + "/b"), root + "/m", 1);
        store = new PartitionStore(
                () -> BrokerSettings.of(Map.of("node.id", "1")),
                folders,
                directory -> directory.context(timers.clock(), background::add, OpenFiles.withDefaults(Runnable::run)),
                name -> new Strand(name, Runnable::run),
                disk -> new PartitionContext(Runnable::run, Runnable::run, timers, 0, new LogActivity(), disk),
                folder -> {});
        moves = new ReplicaMoves(this, store, background::add, 1);
    }

    @AfterEach
    void stop() {
        runAll();
        for (Partition partition : open) {
            partition.strand().execute(() -> partition.close(PartitionLog::close));
        }
        store.closed(open);
        open.clear();
        folders.close();
    }

    @Test
    void shouldMoveWhileRecordsAreAdded() {
        Partition orders = create();
        append(orders, "before");
        assertThat(moves.move("orders", 0, folder("b"))).isEqualTo(ErrorCode.NONE);
        ReplicaMoves.Future future = moves.futures().get(0);
        assertThat(future.partition()).isSameAs(orders);
        assertThat(future.folder()).isSameAs(folder("b"));
        assertThat(future.lag()).isEqualTo(1);
        runOne();
        append(orders, "meanwhile");
        assertThat(orders.folder()).isSameAs(folder("a"));
        runAll();

        assertThat(orders.folder()).isSameAs(folder("b"));
        assertThat(moves.futures()).isEmpty();
        assertThat(readAll(orders)).contains("before", "meanwhile");
        append(orders, "after");
        assertThat(orders.highWatermark()).isEqualTo(3);
        assertThat(names("a")).doesNotContain("orders-0").anyMatch(name -> name.endsWith("-delete"));
        assertThat(names("b")).containsOnlyOnce("orders-0");
    }

    @Test
    void shouldKeepThePlaceAtTheNextStart() {
        append(create(), "value");
        moves.move("orders", 0, folder("b"));
        runAll();
        stop();
        start();
        Partition found = store.open(identity(), TestPartitions.SETTINGS);
        open.add(found);
        assertThat(found.folder()).isSameAs(folder("b"));
        assertThat(readAll(found)).contains("value");
    }

    @Test
    void shouldBeginAnewWhatAStopCutShort() {
        append(create(), "value");
        moves.move("orders", 0, folder("b"));
        runOne();
        Thread closing = new Thread(moves::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        while (closing.isAlive()) {
            runAll();
            Thread.onSpinWait();
        }
        assertThat(names("b")).anyMatch(name -> name.startsWith("orders-0.") && name.endsWith("-future"));
        stop();

        start();
        open.add(store.open(identity(), TestPartitions.SETTINGS));
        assertThat(open.get(0).folder()).isSameAs(folder("a"));
        moves.resume();
        runAll();
        assertThat(open.get(0).folder()).isSameAs(folder("b"));
        assertThat(readAll(open.get(0))).contains("value");
        assertThat(names("b")).noneMatch(name -> name.endsWith("-future"));
    }

    @Test
    void shouldBelieveTheFolderThatWasMovedToIfBothAreThere() throws IOException {
        append(create(), "value");
        store.checkpoint(open);
        Path old = root.resolve("a/orders-0");
        Path kept = root.resolve("kept");
        copy(old, kept);
        moves.move("orders", 0, folder("b"));
        runAll();
        append(open.get(0), "later");
        stop();
        Files.move(kept, old);

        start();
        open.add(store.open(identity(), TestPartitions.SETTINGS));
        assertThat(open.get(0).folder()).isSameAs(folder("b"));
        assertThat(readAll(open.get(0))).contains("value", "later");
        assertThat(old).doesNotExist();
    }

    @Test
    void shouldTurnAroundAndComeBack() {
        append(create(), "value");
        moves.move("orders", 0, folder("b"));
        runOne();
        assertThat(moves.move("orders", 0, folder("a"))).isEqualTo(ErrorCode.NONE);
        runAll();
        assertThat(open.get(0).folder()).isSameAs(folder("a"));
        assertThat(names("b")).noneMatch(name -> name.startsWith("orders"));
        assertThat(moves.futures()).isEmpty();
    }

    @Test
    void shouldForgetTheCopyOfADeletedPartition() {
        append(create(), "value");
        moves.move("orders", 0, folder("b"));
        runOne();
        Partition orders = open.remove(0);
        orders.strand().execute(() -> orders.close(PartitionLog::delete));
        store.deleted(orders);
        runAll();
        assertThat(names("a")).doesNotContain("orders-0");
        assertThat(names("b")).noneMatch(name -> name.startsWith("orders"));
        assertThat(moves.futures()).isEmpty();
    }

    @Test
    void shouldMakeAPartitionWhereItWasAskedFor() {
        assertThat(moves.move("orders", 0, folder("b"))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        whyMissing = ErrorCode.NOT_LEADER_OR_FOLLOWER;
        assertThat(moves.move("orders", 1, folder("b"))).isEqualTo(ErrorCode.REPLICA_NOT_AVAILABLE);
        assertThat(create().folder()).isSameAs(folder("b"));
        stop();
        start();
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        create();
        assertThat(moves.move("orders", 0, folder("a"))).isEqualTo(ErrorCode.NONE);
        assertThat(moves.move("t".repeat(214), 0, folder("b"))).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        folders.fail(folder("b"), "test");
        assertThat(moves.move("orders", 0, folder("b"))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        whyMissing = ErrorCode.KAFKA_STORAGE_ERROR;
        assertThat(moves.move("other", 0, folder("a"))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldStayWhereItIsIfTheOtherFolderFails() throws IOException {
        append(create(), "value");
        moves.move("orders", 0, folder("b"));
        runOne();
        folders.fail(folder("b"), "test");
        runAll();
        assertThat(open.get(0).folder()).isSameAs(folder("a"));
        append(open.get(0), "later");
        assertThat(readAll(open.get(0))).contains("value", "later");
    }

    @Override
    public @Nullable Partition find(String topic, int index) {
        return open.stream()
                .filter(partition ->
                        partition.topic().equals(topic) && partition.index() == index && !partition.isClosed())
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable Partition find(UUID topicId, int index) {
        return find("orders", index);
    }

    @Override
    public ErrorCode whyMissing(String topic, int index) {
        return whyMissing;
    }

    @Override
    public ErrorCode whyMissing(UUID topicId, int index) {
        return whyMissing;
    }

    private void runOne() {
        background.remove().run();
    }

    private void runAll() {
        for (Runnable next = background.poll(); next != null; next = background.poll()) {
            next.run();
        }
    }

    private DataFolder folder(String name) {
        return folders.all().stream()
                .filter(folder -> folder.path().endsWith(name))
                .findFirst()
                .orElseThrow();
    }

    private static PartitionIdentity identity() {
        return new PartitionIdentity("orders", ORDERS, 0);
    }

    private Partition create() {
        Partition partition = store.create(identity(), TestPartitions.SETTINGS);
        partition.strand().execute(() -> partition.lead(new Leadership(1, 1, true), List.of(1), 1));
        open.add(partition);
        return partition;
    }

    private static void append(Partition partition, String value) {
        ByteBuffer batch = new BatchBuilder()
                .append(1, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))
                .build()
                .bytes();
        partition.strand().execute(() -> partition.append(batch, AppendOrigin.CLIENT));
    }

    private static String readAll(Partition partition) {
        StringBuilder all = new StringBuilder();
        long offset = partition.logStartOffset();
        while (offset < partition.log().logEndOffset()) {
            try (LogSlice slice = partition.log().read(offset, 1000, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH)) {
                ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
                slice.readInto(bytes);
                all.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
                offset = slice.nextOffset();
            }
        }
        return all.toString();
    }

    private List<String> names(String folder) {
        try (Stream<Path> listed = Files.list(root.resolve(folder))) {
            return listed.map(path -> path.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
