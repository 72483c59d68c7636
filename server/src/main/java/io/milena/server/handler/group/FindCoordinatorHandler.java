package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.server.cluster.BrokerImage;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.Endpoint;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FindCoordinator: which broker coordinates a group or a transaction. The first one who asks makes the topic that groups, or
 * transactions, are kept in come into being, and is answered when it is there.
 */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(FindCoordinatorHandler.class);

    private static final int BATCH_MIN_VERSION = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final int NO_NODE = -1;

    private final ImageSource images;
    private final Function<String, CompletionStage<?>> createInternalTopic;

    /** @param createInternalTopic makes a topic of the broker's own, unless there is one; completes when it has leaders */
    public FindCoordinatorHandler(ImageSource images, Function<String, CompletionStage<?>> createInternalTopic) {
        this.images = images;
        this.createInternalTopic = createInternalTopic;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<FindCoordinatorResponse> handle(FindCoordinatorRequest request, RequestContext context) {
        boolean batched = context.apiVersion() >= BATCH_MIN_VERSION;
        List<String> keys = batched ? request.coordinatorKeys() : List.of(request.key());
        return ready(request.keyType()).thenApply(ready -> {
            ClusterImage image = images.image();
            List<FindCoordinatorResponse.Coordinator> coordinators = new ArrayList<>(keys.size());
            for (String key : keys) {
                coordinators.add(find(request.keyType(), key, image, context));
            }
            return batched ? new FindCoordinatorResponse().coordinators(coordinators) : response(coordinators.get(0));
        });
    }

    /** Completes when the topic is there, or cannot be for now. */
    private CompletionStage<Boolean> ready(byte keyType) {
        boolean isKnown = keyType == GROUP || keyType == TRANSACTION;
        String topic = topicOf(keyType);
        if (!isKnown || images.image().topic(topic) != null) {
            return CompletableFuture.completedFuture(true);
        }
        return createInternalTopic.apply(topic).handle((created, failure) -> {
            if (failure != null) {
                LOG.warn("topic not created: topic={}", topic, failure);
            }
            return failure == null;
        });
    }

    private static String topicOf(byte keyType) {
        return keyType == GROUP ? TopicImage.CONSUMER_OFFSETS : TopicImage.TRANSACTION_STATE;
    }

    private static FindCoordinatorResponse.Coordinator find(
            byte keyType, String key, ClusterImage image, RequestContext context) {
        if (keyType != GROUP && keyType != TRANSACTION) {
            return failed(key, ErrorCode.INVALID_REQUEST);
        }
        TopicImage topic = image.topic(topicOf(keyType));
        Endpoint endpoint = null;
        int leader = NO_NODE;
        if (topic != null) {
            PartitionImage partition = topic.partition(
                    GroupCoordinator.partitionFor(key, topic.partitions().size()));
            leader = partition == null ? NO_NODE : partition.leader();
            endpoint = endpointOf(image.broker(leader), context.listenerName());
        }
        if (endpoint == null) {
            return failed(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        }
        Endpoint seen = endpoint.seenFrom(context.localAddress());
        return new FindCoordinatorResponse.Coordinator()
                .key(key)
                .nodeId(leader)
                .host(seen.host())
                .port(seen.port())
                .errorMessage("");
    }

    private static @Nullable Endpoint endpointOf(@Nullable BrokerImage broker, String listenerName) {
        return broker == null ? null : broker.endpoint(listenerName);
    }

    private static FindCoordinatorResponse.Coordinator failed(String key, ErrorCode error) {
        return new FindCoordinatorResponse.Coordinator()
                .key(key)
                .nodeId(NO_NODE)
                .host("")
                .port(NO_NODE)
                .errorCode(error)
                .errorMessage("");
    }

    /** Before version 4 there is one coordinator, and its error has a text, which for none is the name of that. */
    private static FindCoordinatorResponse response(FindCoordinatorResponse.Coordinator only) {
        return new FindCoordinatorResponse()
                .errorCode(only.errorCode())
                .errorMessage(
                        only.errorCode() == ErrorCode.NONE
                                ? ErrorCode.NONE.name()
                                : only.errorCode().message())
                .nodeId(only.nodeId())
                .host(only.host())
                .port(only.port());
    }
}
