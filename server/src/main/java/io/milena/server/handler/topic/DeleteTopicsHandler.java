package io.milena.server.handler.topic;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Deletes topics by name or, from version 6, by id. Whatever is named twice is refused. */
public final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse> {
    private static final int FIRST_VERSION_WITH_TOPICS = 6;
    private static final int FIRST_VERSION_WITH_DISABLED_ERROR = 3;

    private final Controller controller;
    private final BrokerSettings settings;
    private final TimeLimit timeLimit;

    public DeleteTopicsHandler(Controller controller, BrokerSettings settings, Timers timers) {
        this.controller = controller;
        this.settings = settings;
        timeLimit = new TimeLimit(timers);
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DELETE_TOPICS;
    }

    @Override
    public CompletionStage<DeleteTopicsResponse> handle(DeleteTopicsRequest request, RequestContext context) {
        List<DeleteTopicsRequest.Topic> topics = context.apiVersion() >= FIRST_VERSION_WITH_TOPICS
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicsRequest.Topic().name(name))
                        .toList();
        if (!settings.deleteTopics()) {
            ErrorCode error = context.apiVersion() < FIRST_VERSION_WITH_DISABLED_ERROR
                    ? ErrorCode.INVALID_REQUEST
                    : ErrorCode.TOPIC_DELETION_DISABLED;
            return CompletableFuture.completedStage(new DeleteTopicsResponse()
                    .responses(topics.stream()
                            .map(topic ->
                                    response(topic.name(), topic.topicId(), error, "delete.topic.enable is false."))
                            .toList()));
        }
        Selection selection = new Selection(controller.image());
        topics.forEach(selection::add);
        List<TopicImage> chosen = selection.chosen();
        List<DeleteTopicsResponse.Topic> responses = new ArrayList<>(selection.refused());
        return timeLimit
                .within(
                        request.timeoutMs(),
                        () -> controller.deleteTopics(
                                chosen.stream().map(TopicImage::id).toList()),
                        () -> Collections.nCopies(chosen.size(), ErrorCode.REQUEST_TIMED_OUT))
                .thenApply(errors -> {
                    for (int i = 0; i < chosen.size(); i++) {
                        TopicImage topic = chosen.get(i);
                        responses.add(response(topic.name(), topic.id(), errors.get(i), null));
                    }
                    return new DeleteTopicsResponse().responses(responses);
                });
    }

    private static DeleteTopicsResponse.Topic response(
            @Nullable String name, UUID id, ErrorCode error, @Nullable String message) {
        return new DeleteTopicsResponse.Topic()
                .name(name)
                .topicId(id)
                .errorCode(error)
                .errorMessage(message);
    }

    /** Finds the topics a request means. */
    private static final class Selection {
        private final ClusterImage image;
        private final Map<Object, Integer> mentions = new LinkedHashMap<>();
        private final List<DeleteTopicsResponse.Topic> refused = new ArrayList<>();

        Selection(ClusterImage image) {
            this.image = image;
        }

        void add(DeleteTopicsRequest.Topic topic) {
            String name = topic.name();
            boolean hasId = !topic.topicId().equals(Uuids.ZERO);
            if (name == null && !hasId) {
                refused.add(
                        response(null, Uuids.ZERO, ErrorCode.INVALID_REQUEST, "Neither a name nor an id is given."));
            } else if (name != null && hasId) {
                refused.add(response(
                        name,
                        topic.topicId(),
                        ErrorCode.INVALID_REQUEST,
                        "Either a name or an id can be given, not both."));
            } else {
                mentions.merge(name != null ? name : topic.topicId(), 1, Integer::sum);
            }
        }

        List<DeleteTopicsResponse.Topic> refused() {
            return refused;
        }

        /** The topics that exist and are meant exactly once; the others are {@link #refused} afterwards. */
        List<TopicImage> chosen() {
            Map<UUID, TopicImage> byId = new LinkedHashMap<>();
            Map<UUID, TopicImage> twice = new LinkedHashMap<>();
            mentions.forEach((key, count) -> {
                TopicImage topic = key instanceof UUID id ? image.topic(id) : image.topic((String) key);
                if (count > 1) {
                    refuse(key, ErrorCode.INVALID_REQUEST, "The topic is in the request more than once.");
                } else if (topic == null) {
                    boolean byName = key instanceof String;
                    refuse(key, byName ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.UNKNOWN_TOPIC_ID, null);
                } else if (byId.putIfAbsent(topic.id(), topic) != null) {
                    twice.put(topic.id(), topic);
                }
            });
            twice.forEach((id, topic) -> {
                byId.remove(id);
                refused.add(response(
                        topic.name(), id, ErrorCode.INVALID_REQUEST, "The topic is in the request by name and by id."));
            });
            return List.copyOf(byId.values());
        }

        private void refuse(Object key, ErrorCode error, @Nullable String message) {
            refused.add(
                    key instanceof UUID id
                            ? response(null, id, error, message)
                            : response((String) key, Uuids.ZERO, error, message));
        }
    }
}
