package io.milena.server.handler.topic;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.NewTopic;
import io.milena.server.cluster.TopicImage;
import io.milena.server.cluster.TopicResult;
import io.milena.server.config.ConfigEntry;
import io.milena.server.config.TopicSettings;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Creates topics, each on its own, or tells what would happen. */
public final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequest, CreateTopicsResponse> {
    private final Controller controller;
    private final TimeLimit timeLimit;

    public CreateTopicsHandler(Controller controller, Timers timers) {
        this.controller = controller;
        timeLimit = new TimeLimit(timers);
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.CREATE_TOPICS;
    }

    @Override
    public CompletionStage<CreateTopicsResponse> handle(CreateTopicsRequest request, RequestContext context) {
        Map<String, NewTopic> wishes = new LinkedHashMap<>();
        Set<String> duplicates = new LinkedHashSet<>();
        for (CreateTopicsRequest.Topic topic : request.topics()) {
            if (wishes.putIfAbsent(topic.name(), wish(topic)) != null) {
                duplicates.add(topic.name());
            }
        }
        List<CreateTopicsResponse.Topic> answers = new ArrayList<>();
        Set<String> refused = new HashSet<>();
        for (String name : duplicates) {
            refused.add(name);
            answers.add(refusal(name, ErrorCode.INVALID_REQUEST, "The topic is in the request more than once."));
        }
        if (wishes.containsKey(TopicImage.CLUSTER_METADATA) && refused.add(TopicImage.CLUSTER_METADATA)) {
            answers.add(refusal(
                    TopicImage.CLUSTER_METADATA,
                    ErrorCode.INVALID_REQUEST,
                    "This name is kept for the cluster itself."));
        }
        wishes.keySet().removeAll(refused);
        return timeLimit
                .within(
                        request.timeoutMs(),
                        () -> create(List.copyOf(wishes.values()), request.validateOnly()),
                        () -> tooLate(wishes.keySet()))
                .thenApply(topics -> {
                    List<CreateTopicsResponse.Topic> all = new ArrayList<>(topics);
                    all.addAll(answers);
                    return new CreateTopicsResponse().topics(all);
                });
    }

    private CompletionStage<List<CreateTopicsResponse.Topic>> create(List<NewTopic> wishes, boolean validateOnly) {
        Controller.Mode mode = validateOnly ? Controller.Mode.VALIDATE_ONLY : Controller.Mode.APPLY;
        return controller
                .createTopics(wishes, mode)
                .thenApply(results -> results.stream().map(this::answer).toList());
    }

    private static List<CreateTopicsResponse.Topic> tooLate(Set<String> names) {
        return names.stream()
                .map(name -> refusal(name, ErrorCode.REQUEST_TIMED_OUT, null))
                .toList();
    }

    private static NewTopic wish(CreateTopicsRequest.Topic topic) {
        Map<String, @Nullable String> configs = new HashMap<>();
        topic.configs().forEach(config -> configs.put(config.name(), config.value()));
        List<NewTopic.Assignment> assignments = topic.assignments().stream()
                .map(assignment -> new NewTopic.Assignment(assignment.partitionIndex(), assignment.brokerIds()))
                .toList();
        return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignments, configs);
    }

    private CreateTopicsResponse.Topic answer(TopicResult result) {
        TopicImage topic = result.topic();
        if (topic == null) {
            return refusal(result.name(), result.error(), result.message());
        }
        List<CreateTopicsResponse.Config> configs = new ArrayList<>();
        TopicSettings topicSettings = TopicSettings.of(controller.settings(), topic.configs());
        for (ConfigEntry entry : topicSettings.entries()) {
            configs.add(new CreateTopicsResponse.Config()
                    .name(entry.setting().name())
                    .value(entry.shownText())
                    .configSource(topicSettings.source(entry.setting()).code())
                    .isSensitive(entry.setting().secret()));
        }
        return new CreateTopicsResponse.Topic()
                .name(topic.name())
                .topicId(topic.id())
                .errorMessage(null)
                .numPartitions(topic.partitions().size())
                .replicationFactor((short) topic.replicationFactor())
                .configs(configs);
    }

    private static CreateTopicsResponse.Topic refusal(String name, ErrorCode error, @Nullable String message) {
        return new CreateTopicsResponse.Topic().name(name).errorCode(error).errorMessage(message);
    }
}
