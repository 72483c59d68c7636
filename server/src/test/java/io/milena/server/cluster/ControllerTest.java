package io.milena.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.Controller.Mode;
import io.milena.server.config.BrokerSettings;
import io.milena.server.strand.ManualExecutor;
import io.milena.server.strand.Strand;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private static final Map<String, String> SETTINGS =
            Map.of("num.partitions", "2", "metadata.log.max.record.bytes.between.snapshots", "2000");

    private final ManualExecutor thread = new ManualExecutor();
    private final MemoryMetadataLog log = new MemoryMetadataLog();
    private Controller controller = controller();

    @Test
    void shouldShowACreatedTopicToEverybody() {
        start();
        TopicResult result = create(NewTopic.withDefaults("a"));
        assertThat(result.error()).isEqualTo(ErrorCode.NONE);
        TopicImage topic = controller.image().topic("a");
        assertThat(topic).isEqualTo(result.topic());
        assertThat(topic.partitions())
                .containsExactly(
                        new PartitionImage(0, 1, 0, List.of(1), List.of(1)),
                        new PartitionImage(1, 1, 0, List.of(1), List.of(1)));
    }

    @Test
    void shouldAnswerOnlyWhenListenersAreDone() {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        controller.subscribe(
                (previous, next) -> next.topicCount() == 0 ? CompletableFuture.completedStage(null) : opened);
        start();
        CompletableFuture<List<TopicResult>> created = createTopics(NewTopic.withDefaults("a"));
        thread.runAll();
        assertThat(created).isNotDone();
        assertThat(controller.image().topic("a")).isNull();
        opened.complete(null);
        thread.runAll();
        assertThat(created).isCompleted();
        assertThat(controller.image().topic("a")).isNotNull();
    }

    @Test
    void shouldTellListenersEveryImageInOrder() {
        List<String> told = new ArrayList<>();
        controller.subscribe((previous, next) -> {
            told.add(previous.topicCount() + ">" + next.topicCount());
            return CompletableFuture.completedStage(null);
        });
        controller.subscribe((previous, next) -> {
            throw new IllegalStateException("a listener that is broken");
        });
        start();
        create(NewTopic.withDefaults("a"));
        create(NewTopic.withDefaults("b"));
        assertThat(told).containsExactly("0>0", "0>1", "1>2");
    }

    @Test
    void shouldAppendWaitingChangesTogether() {
        start();
        int before = log.appends();
        for (int i = 0; i < 50; i++) {
            createTopics(NewTopic.withDefaults("t" + i));
        }
        thread.runAll();
        assertThat(controller.image().topicCount()).isEqualTo(50);
        assertThat(log.appends() + log.snapshot().size()).isLessThan(before + 50 + 51);
        assertThat(log.appends()).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void shouldDecideEachChangeAgainstTheOnesBefore() {
        start();
        CompletableFuture<List<TopicResult>> first = createTopics(NewTopic.withDefaults("a"));
        CompletableFuture<List<TopicResult>> second = createTopics(NewTopic.withDefaults("a"));
        thread.runAll();
        assertThat(first.join().get(0).error()).isEqualTo(ErrorCode.NONE);
        assertThat(second.join().get(0).error()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void shouldNotCreateWhatIsOnlyValidated() {
        start();
        CompletionStage<List<TopicResult>> results =
                controller.createTopics(List.of(NewTopic.withDefaults("a")), Mode.VALIDATE_ONLY);
        thread.runAll();
        assertThat(results.toCompletableFuture().join())
                .singleElement()
                .satisfies(result -> assertThat(result.topic()).isNotNull());
        assertThat(controller.image().topicCount()).isZero();
    }

    @Test
    void shouldRefuseTooManyPartitionsAtOnce() {
        start();
        TopicResult result = create(new NewTopic("a", 10_001, 1, List.of(), Map.of()));
        assertThat(result.error()).isEqualTo(ErrorCode.POLICY_VIOLATION);
    }

    @Test
    void shouldBringBackEverythingWithNewLeaderEpochsAfterARestart() {
        start();
        TopicImage topic = Objects.requireNonNull(
                create(new NewTopic("a", 3, 1, List.of(), new HashMap<>(Map.of("retention.ms", "5"))))
                        .topic());
        restart();
        TopicImage again = Objects.requireNonNull(controller.image().topic("a"));
        assertThat(again.id()).isEqualTo(topic.id());
        assertThat(again.configs()).isEqualTo(Map.of("retention.ms", "5"));
        assertThat(again.partitions()).extracting(PartitionImage::leaderEpoch).containsExactly(1, 1, 1);
    }

    @Test
    void shouldReplaceALongLogByASnapshot() {
        start();
        for (int i = 0; i < 100; i++) {
            create(NewTopic.withDefaults("t" + i));
        }
        assertThat(log.appends()).isLessThan(100);
        restart();
        assertThat(controller.image().topicCount()).isEqualTo(100);
    }

    @Test
    void shouldDeleteTopicsById() {
        start();
        UUID id = Objects.requireNonNull(create(NewTopic.withDefaults("a")).topic())
                .id();
        CompletionStage<List<ErrorCode>> results = controller.deleteTopics(List.of(id, new UUID(1, 1)));
        thread.runAll();
        assertThat(results.toCompletableFuture().join()).containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(controller.image().topicCount()).isZero();
    }

    @Test
    void shouldNeverGiveAProducerIdTwice() {
        start();
        assertThat(producerIds()).isZero();
        assertThat(producerIds()).isEqualTo(1000);
        restart();
        assertThat(producerIds()).isEqualTo(2000);
    }

    @Test
    void shouldLeavePartitionsWithoutLeaderUntilTheBrokerIsStartedAgain() {
        start();
        UUID id = Objects.requireNonNull(create(NewTopic.withDefaults("a")).topic())
                .id();
        assertThat(leadersLost(Map.of(id, Set.of(1), new UUID(9, 9), Set.of(0))))
                .isEqualTo(1);
        assertThat(leadersLost(Map.of(id, Set.of(1)))).as("known already").isZero();
        PartitionImage leaderless = new PartitionImage(1, PartitionImage.NO_LEADER, 1, List.of(1), List.of(1));
        assertThat(controller.image().topic("a").partitions())
                .containsExactly(new PartitionImage(0, 1, 0, List.of(1), List.of(1)), leaderless);
        assertThat(new ListenerView(controller.image(), "PLAINTEXT", new InetSocketAddress(1))
                        .offlineReplicas(leaderless))
                .containsExactly(1);
        restart();
        assertThat(controller.image().topic("a").partitions())
                .containsExactly(
                        new PartitionImage(0, 1, 1, List.of(1), List.of(1)),
                        new PartitionImage(1, 1, 2, List.of(1), List.of(1)));
    }

    @Test
    void shouldElectInLaterEpochsThanThoseFoundInFiles() {
        start();
        UUID id = Objects.requireNonNull(create(NewTopic.withDefaults("a")).topic())
                .id();
        CompletableFuture<Integer> changed = controller
                .epochsFound(Map.of(id, Map.of(1, 8), new UUID(9, 9), Map.of(0, 1)))
                .toCompletableFuture();
        thread.runAll();
        assertThat(changed).isCompletedWithValue(1);
        assertThat(controller.image().topic("a").partitions())
                .extracting(PartitionImage::leaderEpoch)
                .containsExactly(0, 9);
        restart();
        assertThat(controller.image().topic("a").partitions())
                .extracting(PartitionImage::leaderEpoch)
                .containsExactly(1, 10);
    }

    private int leadersLost(Map<UUID, Set<Integer>> partitions) {
        CompletableFuture<Integer> changed = controller.leadersLost(partitions).toCompletableFuture();
        thread.runAll();
        return changed.join();
    }

    @Test
    void shouldFailChangesThatTheLogRefusesAndKeepTheState() {
        start();
        log.broken(true);
        assertThat(create(NewTopic.withDefaults("a")).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        CompletableFuture<Long> block = controller.nextProducerIdBlock().toCompletableFuture();
        thread.runAll();
        assertThatThrownBy(block::join).hasCauseInstanceOf(MetadataException.class);
        assertThat(controller.image().topicCount()).isZero();
        log.broken(false);
        assertThat(create(NewTopic.withDefaults("a")).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseChangesWhenTooManyWait() {
        start();
        for (int i = 0; i < ChangeQueue.MAX_PENDING; i++) {
            controller.deleteTopics(List.of());
        }
        TopicResult refused = createTopics(NewTopic.withDefaults("a")).join().get(0);
        assertThat(refused.error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        thread.runAll();
        assertThat(create(NewTopic.withDefaults("a")).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldCreateInternalTopicsOnceWithAReplicaForEachBroker() {
        start();
        CompletableFuture<TopicResult> first =
                controller.createInternalTopic(TopicImage.CONSUMER_OFFSETS).toCompletableFuture();
        CompletableFuture<TopicResult> second =
                controller.createInternalTopic(TopicImage.CONSUMER_OFFSETS).toCompletableFuture();
        thread.runAll();
        TopicImage topic = Objects.requireNonNull(first.join().topic());
        assertThat(second.join().topic()).isEqualTo(topic);
        assertThat(topic.partitions()).hasSize(50);
        assertThat(topic.replicationFactor()).isOne();
        assertThat(topic.configs())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("segment.bytes", "104857600");
        assertThat(topic.isInternal()).isTrue();
    }

    private void start() {
        CompletableFuture<Void> started = controller.start().toCompletableFuture();
        thread.runAll();
        started.join();
    }

    private void restart() {
        log.reopened();
        controller = controller();
        start();
    }

    private Controller controller() {
        ClusterImage beginning = ClusterImage.of("cluster", new BrokerImage(1, null, List.of()));
        return new Controller(BrokerSettings.of(SETTINGS), beginning, log, new Strand("controller", thread));
    }

    private TopicResult create(NewTopic wish) {
        CompletableFuture<List<TopicResult>> results = createTopics(wish);
        thread.runAll();
        return results.join().get(0);
    }

    private CompletableFuture<List<TopicResult>> createTopics(NewTopic wish) {
        return controller.createTopics(List.of(wish), Mode.APPLY).toCompletableFuture();
    }

    private long producerIds() {
        CompletableFuture<Long> block = controller.nextProducerIdBlock().toCompletableFuture();
        thread.runAll();
        return block.join();
    }
}
