package io.milena.server.handler.topic;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.ListenerView;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.AuthorizedOperations;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells clients the brokers and the leaders of topics, and creates topics that are asked for and missing if both sides allow it.
 * The answer waits for the creation, so that the topic can be used at once.
 */
public final class MetadataHandler implements ApiHandler<MetadataRequest, MetadataResponse> {
    private static final int FIRST_VERSION_WHERE_EMPTY_IS_NONE = 1;
    private static final int FIRST_VERSION_WITH_LISTENER_ERROR = 6;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 12;

    private final Controller controller;
    private final TopicCreation creation;

    public MetadataHandler(Controller controller, BrokerSettings settings) {
        this.controller = controller;
        creation = new TopicCreation(controller, settings);
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.METADATA;
    }

    @Override
    public CompletionStage<MetadataResponse> handle(MetadataRequest request, RequestContext context) {
        List<MetadataRequest.Topic> wanted = request.topics();
        boolean all = wanted == null || (wanted.isEmpty() && context.apiVersion() < FIRST_VERSION_WHERE_EMPTY_IS_NONE);
        if (wanted == null || all) {
            Answer answer = new Answer(request, context, controller.image());
            answer.addAll();
            return CompletableFuture.completedStage(answer.response());
        }
        if (wanted.stream().anyMatch(topic -> isInvalid(topic, context.apiVersion()))) {
            return CompletableFuture.completedStage(invalid(wanted));
        }
        Set<UUID> ids = ids(wanted);
        return ids.isEmpty() ? byName(request, context, names(wanted)) : byId(request, context, ids);
    }

    private CompletionStage<MetadataResponse> byId(MetadataRequest request, RequestContext context, Set<UUID> ids) {
        Answer answer = new Answer(request, context, controller.image());
        ids.forEach(answer::addId);
        return CompletableFuture.completedStage(answer.response());
    }

    private CompletionStage<MetadataResponse> byName(
            MetadataRequest request, RequestContext context, Set<String> names) {
        ClusterImage image = controller.image();
        List<String> missing =
                names.stream().filter(name -> image.topic(name) == null).toList();
        if (missing.isEmpty() || !request.allowAutoTopicCreation() || !creation.isEnabled()) {
            return CompletableFuture.completedStage(byName(new Answer(request, context, image), names, Map.of()));
        }
        return creation.create(missing)
                .thenApply(errors -> byName(new Answer(request, context, controller.image()), names, errors));
    }

    private static MetadataResponse byName(Answer answer, Collection<String> names, Map<String, ErrorCode> errors) {
        for (String name : names) {
            answer.addName(name, errors.getOrDefault(name, TopicCreation.missing(name)));
        }
        return answer.response();
    }

    private static boolean isInvalid(MetadataRequest.Topic topic, short apiVersion) {
        boolean hasId = !topic.topicId().equals(Uuids.ZERO);
        return apiVersion < FIRST_VERSION_WITH_TOPIC_IDS
                ? topic.name() == null || hasId
                : topic.name() == null && !hasId;
    }

    /** One topic without a name spoils the whole request. */
    private static MetadataResponse invalid(List<MetadataRequest.Topic> topics) {
        return new MetadataResponse()
                .topics(topics.stream()
                        .map(topic -> new MetadataResponse.Topic()
                                .errorCode(ErrorCode.INVALID_REQUEST)
                                .name(topic.name() == null ? "" : topic.name())
                                .topicId(topic.topicId()))
                        .toList());
    }

    private static Set<UUID> ids(List<MetadataRequest.Topic> topics) {
        Set<UUID> ids = new LinkedHashSet<>();
        for (MetadataRequest.Topic topic : topics) {
            if (!topic.topicId().equals(Uuids.ZERO)) {
                ids.add(topic.topicId());
            }
        }
        return ids;
    }

    private static Set<String> names(List<MetadataRequest.Topic> topics) {
        Set<String> names = new LinkedHashSet<>();
        for (MetadataRequest.Topic topic : topics) {
            String name = topic.name();
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /** The answer to one request, as it grows. */
    private static final class Answer {
        private final MetadataRequest request;
        private final RequestContext context;
        private final ClusterImage image;
        private final ListenerView view;
        private final List<MetadataResponse.Topic> topics = new ArrayList<>();

        Answer(MetadataRequest request, RequestContext context, ClusterImage image) {
            this.request = request;
            this.context = context;
            this.image = image;
            view = new ListenerView(image, context.listenerName(), context.localAddress());
        }

        void addAll() {
            image.topics().forEach(this::add);
        }

        void addId(UUID id) {
            TopicImage topic = image.topic(id);
            if (topic == null) {
                topics.add(new MetadataResponse.Topic()
                        .errorCode(ErrorCode.UNKNOWN_TOPIC_ID)
                        .name(null)
                        .topicId(id));
            } else {
                add(topic);
            }
        }

        void addName(String name, ErrorCode errorWhenMissing) {
            TopicImage topic = image.topic(name);
            if (topic == null) {
                topics.add(withOperations(new MetadataResponse.Topic()
                        .errorCode(errorWhenMissing)
                        .name(name)
                        .isInternal(TopicImage.isInternal(name))));
            } else {
                add(topic);
            }
        }

        MetadataResponse response() {
            MetadataResponse response = new MetadataResponse()
                    .clusterId(image.clusterId())
                    .controllerId(image.controllerId())
                    .brokers(view.nodes().stream()
                            .map(node -> new MetadataResponse.Broker()
                                    .nodeId(node.id())
                                    .host(node.host())
                                    .port(node.port())
                                    .rack(node.rack()))
                            .toList())
                    .topics(topics);
            return request.includeClusterAuthorizedOperations()
                    ? response.clusterAuthorizedOperations(AuthorizedOperations.ALL_OF_CLUSTER)
                    : response;
        }

        private void add(TopicImage topic) {
            List<MetadataResponse.Partition> partitions =
                    new ArrayList<>(topic.partitions().size());
            topic.partitions()
                    .forEach(partition -> partitions.add(new MetadataResponse.Partition()
                            .errorCode(visible(view.leaderError(partition)))
                            .partitionIndex(partition.index())
                            .leaderId(view.leader(partition))
                            .leaderEpoch(partition.leaderEpoch())
                            .replicaNodes(partition.replicas())
                            .isrNodes(partition.isr())
                            .offlineReplicas(view.offlineReplicas(partition))));
            topics.add(withOperations(new MetadataResponse.Topic()
                    .name(topic.name())
                    .topicId(topic.id())
                    .isInternal(topic.isInternal())
                    .partitions(partitions)));
        }

        private ErrorCode visible(ErrorCode error) {
            return error == ErrorCode.LISTENER_NOT_FOUND && context.apiVersion() < FIRST_VERSION_WITH_LISTENER_ERROR
                    ? ErrorCode.LEADER_NOT_AVAILABLE
                    : error;
        }

        private MetadataResponse.Topic withOperations(MetadataResponse.Topic topic) {
            return request.includeTopicAuthorizedOperations()
                    ? topic.topicAuthorizedOperations(AuthorizedOperations.ALL_OF_TOPIC)
                    : topic;
        }
    }
}
