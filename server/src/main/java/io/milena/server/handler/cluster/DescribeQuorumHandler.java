package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeQuorumRequest;
import io.milena.protocol.message.DescribeQuorumResponse;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells who keeps the metadata log and how far (KIP-595). A broker that is alone is its only voter and always leads. */
public final class DescribeQuorumHandler implements ApiHandler<DescribeQuorumRequest, DescribeQuorumResponse> {
    private static final int FIRST_VERSION_WITH_NODES = 2;

    private final Controller controller;
    private final Clock clock;

    public DescribeQuorumHandler(Controller controller, Clock clock) {
        this.controller = controller;
        this.clock = clock;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_QUORUM;
    }

    @Override
    public CompletionStage<DescribeQuorumResponse> handle(DescribeQuorumRequest request, RequestContext context) {
        boolean known = isMetadata(request.topics());
        DescribeQuorumResponse response = new DescribeQuorumResponse()
                .errorMessage(null)
                .topics(request.topics().stream()
                        .map(topic -> new DescribeQuorumResponse.Topic()
                                .topicName(topic.topicName())
                                .partitions(topic.partitions().stream()
                                        .map(partition ->
                                                known ? describe(context) : unknown(partition.partitionIndex()))
                                        .toList()))
                        .toList());
        return CompletableFuture.completedStage(
                known && context.apiVersion() >= FIRST_VERSION_WITH_NODES ? response.nodes(nodes()) : response);
    }

    /** Kafka answers for exactly one partition. */
    private static boolean isMetadata(List<DescribeQuorumRequest.Topic> topics) {
        return topics.size() == 1
                && topics.get(0).topicName().equals(TopicImage.CLUSTER_METADATA)
                && topics.get(0).partitions().size() == 1
                && topics.get(0).partitions().get(0).partitionIndex() == 0;
    }

    private List<DescribeQuorumResponse.Node> nodes() {
        BrokerSettings settings = controller.settings();
        return List.of(new DescribeQuorumResponse.Node()
                .nodeId(settings.nodeId())
                .listeners(settings.listeners().controllerListeners().stream()
                        .map(listener -> new DescribeQuorumResponse.Listener()
                                .name(listener.name())
                                .host(listener.host())
                                .port(listener.port()))
                        .toList()));
    }

    private static DescribeQuorumResponse.Partition unknown(int index) {
        return new DescribeQuorumResponse.Partition()
                .partitionIndex(index)
                .errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
                .errorMessage(
                        "The only quorum is that of " + TopicImage.CLUSTER_METADATA + ", which is asked for alone.");
    }

    private DescribeQuorumResponse.Partition describe(RequestContext context) {
        long now = clock.millis();
        long end = controller.metadataEndOffset();
        int nodeId = controller.settings().nodeId();
        DescribeQuorumResponse.ReplicaState self =
                new DescribeQuorumResponse.ReplicaState().replicaId(nodeId).logEndOffset(end);
        if (context.apiVersion() > 0) {
            self.lastFetchTimestamp(now).lastCaughtUpTimestamp(now);
        }
        return new DescribeQuorumResponse.Partition()
                .errorMessage(null)
                .leaderId(nodeId)
                .leaderEpoch(controller.metadataEpoch())
                .highWatermark(end)
                .currentVoters(List.of(self));
    }
}
