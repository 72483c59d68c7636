package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.segment.OpenFiles;
import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.MetadataException;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TestImages;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.metrics.LogActivity;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.DataFolders;
import io.milena.server.strand.ManualTimers;
import io.milena.server.strand.Strand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineReplicasTest {
    private static final int BROKER = 1;
    private static final UUID ORDERS = new UUID(7, 7);
    private static final ClusterImage EMPTY = ClusterImage.empty("cluster", BROKER);

    @TempDir
    Path root;

    private final ManualTimers timers = new ManualTimers();
    private final List<String> resigned = new ArrayList<>();
    private final List<Map<UUID, Set<Integer>>> lost = new ArrayList<>();
    private boolean refuses;
    private DataFolders folders;
    private Partitions partitions;
    private OfflineReplicas offline;
    private ClusterImage image = EMPTY;

    @BeforeEach
    void start() {
        folders = DataFolders.open(List.of(root + "/a", root + "/b"), root + "/m", 1);
        PartitionStore store = new PartitionStore(
                () -> BrokerSettings.of(Map.of("node.id", "1")),
                folders,
                directory -> directory.context(timers.clock(), Runnable::run, OpenFiles.withDefaults(Runnable::run)),
                name -> new Strand(name, Runnable::run),
                disk -> new PartitionContext(Runnable::run, Runnable::run, timers, 0, new LogActivity(), disk),
                suspect -> {});
        partitions = new Partitions(BROKER, store, Runnable::run, 1, EMPTY);
        partitions.subscribe(new PartitionListener() {
            @Override
            public void leads(Partition partition) {}

            @Override
            public void resigned(Partition partition) {
                resigned.add(partition.toString());
            }
        });
        offline = new OfflineReplicas(partitions, timers, this::leadersLost);
        folders.onFailure(offline::folderFailed);
        image = EMPTY;
        apply(orders(BROKER));
    }

    @AfterEach
    void stop() {
        partitions.close().toCompletableFuture().join();
        folders.close();
    }

    @Test
    void shouldTakeThePartitionsOfAFailedFolderOutOfService() {
        folders.fail(folder("b"), "planted");

        assertThat(resigned).containsExactlyInAnyOrder("orders-1", "orders-3");
        assertThat(lost).containsExactly(Map.of(ORDERS, Set.of(1, 3)));
        assertThat(check(1)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(check(3)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(check(0)).isEqualTo(ErrorCode.NONE);

        apply(orders(PartitionImage.NO_LEADER));
        assertThat(check(1)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(resigned).hasSize(2);
        stop();
        assertThat(root.resolve("a/.kafka_cleanshutdown")).exists();
        assertThat(root.resolve("b/.kafka_cleanshutdown")).doesNotExist();
    }

    @Test
    void shouldTellTheClusterAgainWhenItDoesNotListen() {
        refuses = true;
        folders.fail(folder("b"), "planted");
        timers.advance(OfflineReplicas.RETRY_MS);
        assertThat(lost).hasSize(2);
        refuses = false;
        timers.advance(OfflineReplicas.RETRY_MS);
        timers.advance(OfflineReplicas.RETRY_MS);
        assertThat(lost).hasSize(3);
    }

    @Test
    void shouldKnowAtTheStartWhatLiesInAFailedFolder() throws IOException {
        stop();
        Files.move(root.resolve("b"), root.resolve("away"));
        Files.createFile(root.resolve("b"));
        start();
        offline.report();

        assertThat(lost).containsExactly(Map.of(ORDERS, Set.of(1, 3)));
        assertThat(partitions.find("orders", 1)).isNull();
        assertThat(partitions.whyMissing("orders", 1)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(check(2)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldMakeNewTopicsInTheOtherFolder() {
        folders.fail(folder("b"), "planted");
        apply(new TopicImage("new", new UUID(8, 8), List.of(led(0, BROKER), led(1, BROKER)), Map.of()));

        assertThat(partitions.find("new", 0).folder()).isSameAs(folder("a"));
        assertThat(partitions.find("new", 1).folder()).isSameAs(folder("a"));
    }

    @Test
    void shouldNotTouchWhatADeletedTopicLeftInAFailedFolder() {
        folders.fail(folder("b"), "planted");
        ClusterImage without = TestImages.without(image, ORDERS);
        partitions.imageChanged(image, without).toCompletableFuture().join();
        image = without;

        assertThat(root.resolve("b/orders-1")).exists();
        assertThat(root.resolve("a/orders-0")).doesNotExist();
        apply(new TopicImage("orders", new UUID(8, 8), orders(BROKER).partitions(), Map.of()));
        stop();
        UUID again = new UUID(8, 8);
        assertThat(root.resolve("a/orders-1")).exists();

        // The folder is back: what the earlier topic left there goes, and is not taken for the new one.
        start();
        ClusterImage both = TestImages.with(
                EMPTY, new TopicImage("orders", again, orders(BROKER).partitions(), Map.of()));
        partitions
                .imageChanged(TestImages.with(EMPTY, orders(BROKER)), both)
                .toCompletableFuture()
                .join();
        assertThat(partitions.find("orders", 1).topicId()).isEqualTo(again);
    }

    @Test
    void shouldOpenLaterWhatCouldNotBeOpened() throws IOException {
        Files.createFile(root.resolve("a/late-0"));
        Files.createFile(root.resolve("b/late-0"));
        TopicImage late = new TopicImage("late", new UUID(8, 8), List.of(led(0, BROKER)), Map.of());
        apply(late);
        partitions.retryUnopened();
        assertThat(partitions.whyMissing("late", 0)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        Files.delete(root.resolve("a/late-0"));
        Files.delete(root.resolve("b/late-0"));
        partitions.retryUnopened();
        assertThat(partitions.find("late", 0).leadership().isLocal()).isTrue();
    }

    private CompletionStage<Integer> leadersLost(Map<UUID, Set<Integer>> partitionsByTopic) {
        lost.add(partitionsByTopic);
        return refuses
                ? CompletableFuture.failedStage(new MetadataException("planted"))
                : CompletableFuture.completedStage(1);
    }

    private ErrorCode check(int index) {
        return partitions.find("orders", index).checkLeader(-1);
    }

    private DataFolder folder(String name) {
        return folders.all().get(name.equals("a") ? 0 : 1);
    }

    private void apply(TopicImage topic) {
        ClusterImage next = TestImages.with(image, topic);
        partitions.imageChanged(image, next).toCompletableFuture().join();
        image = next;
    }

    private static TopicImage orders(int leaderOfOdd) {
        List<PartitionImage> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(led(i, i % 2 == 0 ? BROKER : leaderOfOdd));
        }
        return new TopicImage("orders", ORDERS, all, Map.of());
    }

    private static PartitionImage led(int index, int leader) {
        return new PartitionImage(index, leader, 5, List.of(BROKER), List.of(BROKER));
    }
}
