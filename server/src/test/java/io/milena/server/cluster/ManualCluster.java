package io.milena.server.cluster;

import io.milena.server.config.BrokerSettings;
import io.milena.server.strand.ManualExecutor;
import io.milena.server.strand.Strand;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** A controller without disk and threads: what is asked of it happens when the test waits for it. */
public final class ManualCluster {
    private final BrokerSettings settings;
    private final Controller controller;
    private final ManualExecutor thread = new ManualExecutor();
    private final MemoryMetadataLog log = new MemoryMetadataLog();

    /** A started cluster of one broker, number 1, on a listener that advertises nothing. */
    public ManualCluster(Map<String, String> settings) {
        this.settings = BrokerSettings.of(settings);
        BrokerImage broker = new BrokerImage(1, "r1", List.of(new Endpoint("PLAINTEXT", "", 0)));
        controller = new Controller(
                this.settings, ClusterImage.of("cluster", broker), log, new Strand("controller", thread));
        await(controller.start());
    }

    public BrokerSettings settings() {
        return settings;
    }

    public Controller controller() {
        return controller;
    }

    /** From now on nothing can be changed. */
    public void breakDisk() {
        log.broken(true);
    }

    /** What the stage gives after the controller did all it has to do. */
    public <T> T await(CompletionStage<T> stage) {
        thread.runAll();
        return stage.toCompletableFuture().join();
    }

    /** A topic that exists when this returns. */
    public TopicImage create(String name, int partitions) {
        NewTopic wish = new NewTopic(name, partitions, 1, List.of(), Map.of());
        return Objects.requireNonNull(await(controller.ensureTopic(wish)).topic());
    }
}
