package io.milena.server.handler.topic;

import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.NewTopic;
import io.milena.server.cluster.TopicImage;
import io.milena.server.cluster.TopicName;
import io.milena.server.cluster.TopicResult;
import io.milena.server.config.BrokerSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Creates topics because somebody asked about them. */
final class TopicCreation {
    private final Controller controller;
    private final BrokerSettings settings;

    TopicCreation(Controller controller, BrokerSettings settings) {
        this.controller = controller;
        this.settings = settings;
    }

    boolean isEnabled() {
        return settings.autoCreateTopics();
    }

    /** Creates what may be created; completed with an error for each topic that was not, NONE for the others. */
    CompletionStage<Map<String, ErrorCode>> create(List<String> names) {
        Map<String, ErrorCode> errors = new ConcurrentHashMap<>();
        CompletableFuture<?>[] created = names.stream()
                .map(name -> create(name).thenAccept(error -> errors.put(name, error)))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(created).thenApply(done -> errors);
    }

    /** The error for a topic that does not exist and is not created. */
    static ErrorCode missing(String name) {
        return TopicName.isValid(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }

    private CompletionStage<ErrorCode> create(String name) {
        return switch (name) {
            case TopicImage.CONSUMER_OFFSETS, TopicImage.TRANSACTION_STATE ->
                controller.createInternalTopic(name).thenApply(TopicResult::error);
            case TopicImage.SHARE_GROUP_STATE, TopicImage.CLUSTER_METADATA ->
                CompletableFuture.completedStage(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            default -> controller.ensureTopic(NewTopic.withDefaults(name)).thenApply(TopicResult::error);
        };
    }
}
