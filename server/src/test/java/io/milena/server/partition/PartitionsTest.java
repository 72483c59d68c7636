package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.segment.OpenFiles;
import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TestImages;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.metrics.LogActivity;
import io.milena.server.storage.DataFolders;
import io.milena.server.strand.ManualTimers;
import io.milena.server.strand.Strand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionsTest {
    private static final int BROKER = 1;
    private static final UUID ORDERS = new UUID(7, 7);

    @TempDir
    Path folder;

    private BrokerSettings settings = BrokerSettings.of(Map.of("node.id", "1"));
    private final ManualTimers timers = new ManualTimers();
    private final List<String> told = new ArrayList<>();
    private ExecutorService background;
    private DataFolders folders;
    private Partitions partitions;
    private ClusterImage image;

    @BeforeEach
    void start() {
        background = Executors.newFixedThreadPool(4);
        folders = DataFolders.open(List.of(folder.toString()), folder.toString(), 1);
        PartitionStore store = new PartitionStore(
                () -> settings,
                folders,
                directory -> directory.context(timers.clock(), background, OpenFiles.withDefaults(background)),
                name -> new Strand(name, background),
                disk -> new PartitionContext(Runnable::run, Runnable::run, timers, 0, new LogActivity(), disk),
                failed -> {});
        image = ClusterImage.empty("cluster", BROKER);
        partitions = new Partitions(BROKER, store, background, 3, image);
        partitions.subscribe(new PartitionListener() {
            @Override
            public void leads(Partition partition) {
                tell("leads " + partition);
            }

            @Override
            public void resigned(Partition partition) {
                tell("resigned " + partition);
            }
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        partitions.close().toCompletableFuture().join();
        folders.close();
        background.shutdown();
        assertThat(background.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldOpenWhatAnImageAdds() {
        apply(TestImages.with(image, orders(3, Map.of())));

        Partition partition = partitions.find("orders", 2);
        assertThat(partition).isNotNull().isSameAs(partitions.find(ORDERS, 2));
        assertThat(partition.leadership()).isEqualTo(new Leadership(BROKER, 5, true));
        assertThat(partitions.all()).hasSize(3);
        assertThat(told).contains("leads orders-0", "leads orders-1", "leads orders-2");
        assertThat(folder.resolve("orders-2").resolve("partition.metadata")).exists();
    }

    @Test
    void shouldSayWhyAPartitionIsMissing() {
        TopicImage elsewhere = new TopicImage(
                "far", new UUID(8, 8), List.of(new PartitionImage(0, 2, 0, List.of(2), List.of(2))), Map.of());
        apply(TestImages.with(TestImages.with(image, orders(1, Map.of())), elsewhere));

        assertThat(partitions.find("far", 0)).isNull();
        assertThat(partitions.whyMissing("far", 0)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(partitions.whyMissing("far", 1)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partitions.whyMissing("nowhere", 0)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partitions.whyMissing(new UUID(9, 9), 0)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(partitions.whyMissing(ORDERS, 1)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldDeleteWhatAnImageTakesAwayAndStartAnewUnderTheSameName() {
        apply(TestImages.with(image, orders(1, Map.of())));
        Partition before = partitions.find("orders", 0);
        append(before);
        TopicImage again =
                new TopicImage("orders", new UUID(9, 9), orders(1, Map.of()).partitions(), Map.of());
        apply(TestImages.with(TestImages.without(image, ORDERS), again));

        assertThat(before.isClosed()).isTrue();
        assertThat(partitions.find(ORDERS, 0)).isNull();
        assertThat(partitions.whyMissing(ORDERS, 0)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(partitions.find("orders", 0).logEndOffset()).isZero();
        assertThat(told).containsSubsequence("leads orders-0", "resigned orders-0", "leads orders-0");
    }

    @Test
    void shouldEndAndStayUncleanWhenAPartitionCannotBeClosed() {
        apply(TestImages.with(image, orders(2, Map.of())));
        partitions.subscribe(new PartitionListener() {
            private boolean broken = true;

            @Override
            public void leads(Partition partition) {}

            @Override
            public synchronized void resigned(Partition partition) {
                if (broken) {
                    broken = false;
                    throw new IllegalStateException("planted");
                }
            }
        });

        CompletableFuture<Void> closing = partitions.close().toCompletableFuture();

        assertThat(closing).failsWithin(Duration.ofSeconds(10));
        assertThat(folder.resolve(".kafka_cleanshutdown")).doesNotExist();
    }

    @Test
    void shouldGiveOpenPartitionsTheirNewRoleAndSettings() {
        apply(TestImages.with(image, orders(1, Map.of())));
        Partition partition = partitions.find("orders", 0);
        PartitionImage moved = new PartitionImage(0, 2, 6, List.of(2, BROKER), List.of(2));
        apply(TestImages.with(
                image, new TopicImage("orders", ORDERS, List.of(moved), Map.of("max.message.bytes", "1000"))));

        assertThat(partitions.find("orders", 0)).isSameAs(partition);
        assertThat(partition.leadership()).isEqualTo(new Leadership(2, 6, false));
        assertThat(partition.settings().log().maxMessageBytes()).isEqualTo(1000);
        assertThat(told).containsExactly("leads orders-0", "resigned orders-0");
    }

    @Test
    void shouldTakeOverNewDefaultsOfTheBroker() {
        apply(TestImages.with(image, orders(1, Map.of())));
        Partition partition = partitions.find("orders", 0);
        assertThat(partition).isNotNull();
        told.clear();
        settings = settings.withDynamic(Map.of(), Map.of("message.max.bytes", "1000"));
        apply(TestImages.withDefaults(image, Map.of("message.max.bytes", "1000")));

        assertThat(partition.settings().log().maxMessageBytes()).isEqualTo(1000);
        assertThat(partition.log().settings().maxMessageBytes()).isEqualTo(1000);
        assertThat(told).isEmpty();
    }

    @Test
    void shouldAddPartitionsToAnOpenTopic() {
        apply(TestImages.with(image, orders(1, Map.of())));
        Partition first = partitions.find("orders", 0);
        apply(TestImages.with(image, orders(4, Map.of())));

        assertThat(partitions.find("orders", 0)).isSameAs(first);
        assertThat(partitions.find("orders", 3)).isNotNull();
    }

    @Test
    void shouldFindItsRecordsAgainAfterACleanStop() throws InterruptedException {
        apply(TestImages.with(image, orders(2, Map.of())));
        append(partitions.find("orders", 1));
        ClusterImage applied = image;
        stop();
        assertThat(folder.resolve(".kafka_cleanshutdown")).exists();

        start();
        apply(applied);

        assertThat(partitions.find("orders", 1).logEndOffset()).isEqualTo(1);
        assertThat(partitions.find("orders", 1).highWatermark()).isEqualTo(1);
    }

    @Test
    void shouldTellEpochsThatAreLaterThanTheClusters() throws InterruptedException {
        TopicImage topic = orders(2, Map.of());
        apply(TestImages.with(image, topic));
        append(partitions.find("orders", 1));
        stop();

        start();
        List<PartitionImage> earlier = topic.partitions().stream()
                .map(partition ->
                        new PartitionImage(partition.index(), BROKER, 2, partition.replicas(), partition.isr()))
                .toList();
        apply(TestImages.with(image, new TopicImage("orders", ORDERS, earlier, Map.of())));

        assertThat(partitions.laterEpochs()).isEqualTo(Map.of(ORDERS, Map.of(1, 5)));
        assertThat(partitions.laterEpochs()).as("told").isEmpty();
    }

    @Test
    void shouldDeleteTheLogOfAnEarlierTopicOfTheSameName() throws InterruptedException {
        apply(TestImages.with(image, orders(1, Map.of())));
        append(partitions.find("orders", 0));
        stop();

        start();
        apply(TestImages.with(
                image,
                new TopicImage("orders", new UUID(9, 9), orders(1, Map.of()).partitions(), Map.of())));

        assertThat(partitions.find("orders", 0).logEndOffset()).isZero();
    }

    @Test
    void shouldReportAStorageErrorForWhatCannotBeOpened() throws Exception {
        Files.createFile(folder.resolve("orders-0"));
        apply(TestImages.with(image, orders(2, Map.of())));

        assertThat(partitions.find("orders", 0)).isNull();
        assertThat(partitions.whyMissing("orders", 0)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partitions.find("orders", 1)).isNotNull();
    }

    private void append(Partition partition) {
        TestPartitions batches = new TestPartitions(folder);
        partition.strand().execute(() -> partition.append(batches.batch("value"), AppendOrigin.CLIENT));
    }

    private void apply(ClusterImage next) {
        partitions.imageChanged(image, next).toCompletableFuture().join();
        image = next;
    }

    private static TopicImage orders(int count, Map<String, String> configs) {
        List<PartitionImage> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new PartitionImage(i, BROKER, 5, List.of(BROKER), List.of(BROKER)));
        }
        return new TopicImage("orders", ORDERS, all, configs);
    }

    private synchronized void tell(String what) {
        told.add(what);
    }
}
