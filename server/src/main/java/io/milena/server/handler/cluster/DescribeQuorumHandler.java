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
        BrokerSettings settings = controller.settings();
        return CompletableFuture.completedStage(new DescribeQuorumResponse()
                .errorMessage(null)
                .topics(request.topics().stream()
                        .map(topic -> new DescribeQuorumResponse.Topic()
                                .topicName(topic.topicName())
                                .partitions(topic.partitions().stream()
                                        .map(partition -> describe(topic.topicName(), partition.partitionIndex()))
                                        .toList()))
                        .toList())
                .nodes(List.of(new DescribeQuorumResponse.Node()
                        .nodeId(settings.nodeId())
                        .listeners(settings.listeners().controllerListeners().stream()
                                .map(listener -> new DescribeQuorumResponse.Listener()
                                        .name(listener.name())
                                        .host(listener.host())
                                        .port(listener.port()))
                                .toList()))));
    }

    private DescribeQuorumResponse.Partition describe(String topic, int index) {
        DescribeQuorumResponse.Partition answer =
                new DescribeQuorumResponse.Partition().partitionIndex(index).errorMessage(null);
        if (!topic.equals(TopicImage.CLUSTER_METADATA) || index != 0) {
            return answer.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
                    .errorMessage("The only quorum is that of " + TopicImage.CLUSTER_METADATA + ".");
        }
        long now = clock.millis();
        long end = controller.metadataEndOffset();
        int nodeId = controller.settings().nodeId();
        return answer.leaderId(nodeId)
                .leaderEpoch(controller.metadataEpoch())
                .highWatermark(end)
                .currentVoters(List.of(new DescribeQuorumResponse.ReplicaState()
                        .replicaId(nodeId)
                        .logEndOffset(end)
                        .lastFetchTimestamp(now)
                        .lastCaughtUpTimestamp(now)));
    }
}
