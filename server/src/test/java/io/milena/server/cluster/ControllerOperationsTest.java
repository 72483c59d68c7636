package io.milena.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogContext;
import io.milena.log.segment.OpenFiles;
import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.Controller.Mode;
import io.milena.server.config.BrokerSettings;
import io.milena.server.strand.ManualExecutor;
import io.milena.server.strand.Strand;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random changes and restarts of a controller on a real log, against a map of names and ids. */
class ControllerOperationsTest {
    private static final int OPERATIONS = 400;
    private static final int NAMES = 30;
    private static final Map<String, String> SETTINGS =
            Map.of("metadata.log.max.record.bytes.between.snapshots", "4000");

    @TempDir
    Path folder;

    private final ManualExecutor thread = new ManualExecutor();
    private final Map<String, UUID> model = new HashMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private long nextProducerId;
    private int restarts;

    static List<Long> seeds() {
        return List.of(1L, 2L, 3L, System.nanoTime());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepWhatItAcknowledged(long seed) {
        Random random = new Random(seed);
        LocalMetadataLog log = open();
        Controller controller = start(log);
        for (int i = 0; i < OPERATIONS; i++) {
            String name = "t" + random.nextInt(NAMES);
            switch (random.nextInt(12)) {
                case 0 -> {
                    settle(controller);
                    log.close();
                    log = open();
                    controller = start(log);
                    settle(controller);
                }
                case 1, 2, 3 -> settle(controller);
                case 4 -> reserve(controller);
                case 5, 6, 7 -> delete(controller, name);
                default -> create(controller, name, 1 + random.nextInt(5));
            }
        }
        settle(controller);
        log.close();
    }

    private void create(Controller controller, String name, int partitions) {
        CompletableFuture<List<TopicResult>> created = controller
                .createTopics(List.of(new NewTopic(name, partitions, 1, List.of(), Map.of())), Mode.APPLY)
                .toCompletableFuture();
        checks.add(() -> {
            TopicResult result = created.join().get(0);
            if (model.containsKey(name)) {
                assertThat(result.error()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
            } else {
                TopicImage topic = Objects.requireNonNull(result.topic());
                assertThat(topic.partitions()).hasSize(partitions);
                model.put(name, topic.id());
            }
        });
    }

    /** Deletes the topic that is current now; what waits before may change what that means. */
    private void delete(Controller controller, String name) {
        TopicImage topic = controller.image().topic(name);
        if (topic != null) {
            CompletableFuture<List<ErrorCode>> deleted =
                    controller.deleteTopics(List.of(topic.id())).toCompletableFuture();
            checks.add(() -> assertThat(deleted.join())
                    .containsExactly(model.remove(name, topic.id()) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_ID));
        }
    }

    private void reserve(Controller controller) {
        CompletableFuture<Long> block = controller.nextProducerIdBlock().toCompletableFuture();
        checks.add(() -> {
            assertThat(block.join()).isEqualTo(nextProducerId);
            nextProducerId += Controller.PRODUCER_ID_BLOCK;
        });
    }

    /** Lets the controller work, then compares everything with the model. */
    private void settle(Controller controller) {
        thread.runAll();
        checks.forEach(Runnable::run);
        checks.clear();
        Map<String, UUID> topics = new HashMap<>();
        for (TopicImage topic : controller.image().topics()) {
            topics.put(topic.name(), topic.id());
            assertThat(controller.image().topic(topic.id())).isSameAs(topic);
            assertThat(topic.partitions().get(0).leaderEpoch()).isBetween(0, restarts);
        }
        assertThat(topics).isEqualTo(model);
        assertThat(controller.image().nextProducerId()).isEqualTo(nextProducerId);
    }

    private LocalMetadataLog open() {
        return LocalMetadataLog.open(
                folder,
                new LogContext(
                        Clock.systemUTC(),
                        Runnable::run,
                        OpenFiles.withDefaults(Runnable::run),
                        LogContext.NO_CHECKPOINTS),
                () -> {});
    }

    private Controller start(LocalMetadataLog log) {
        restarts++;
        BrokerImage broker = new BrokerImage(1, null, List.of());
        Controller controller = new Controller(
                BrokerSettings.of(SETTINGS), ClusterImage.of("c", broker), log, new Strand("controller", thread));
        CompletionStage<Void> started = controller.start();
        thread.runAll();
        assertThat(started.toCompletableFuture()).isCompleted();
        return controller;
    }
}
