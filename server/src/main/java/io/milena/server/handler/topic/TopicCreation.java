package io.milena.server.handler.topic;

import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.NewTopic;
import io.milena.server.cluster.TopicImage;
import io.milena.server.cluster.TopicName;
import io.milena.server.config.BrokerSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

    /** Creates what may be created, all in one change; completed with the errors of those that were not. */
    CompletionStage<Map<String, ErrorCode>> create(List<String> names) {
        Map<String, ErrorCode> errors = new HashMap<>();
        List<NewTopic> wishes = new ArrayList<>();
        CompletionStage<?> internalTopics = CompletableFuture.completedStage(null);
        for (String name : names) {
            switch (name) {
                case TopicImage.CONSUMER_OFFSETS, TopicImage.TRANSACTION_STATE ->
                    internalTopics = controller.createInternalTopic(name);
                case TopicImage.SHARE_GROUP_STATE, TopicImage.CLUSTER_METADATA ->
                    errors.put(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
                default -> wishes.add(NewTopic.withDefaults(name));
            }
        }
        // Changes are made in the order they were asked for: the topics are there when the internal ones are.
        return controller
                .createTopics(wishes, Controller.Mode.APPLY)
                .thenCombine(internalTopics, (results, created) -> {
                    results.forEach(result -> {
                        if (result.topic() == null && result.error() != ErrorCode.TOPIC_ALREADY_EXISTS) {
                            errors.put(result.name(), result.error());
                        }
                    });
                    return errors;
                });
    }

    /** The error for a topic that does not exist and is not created. */
    static ErrorCode missing(String name) {
        return TopicName.isValid(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }
}
