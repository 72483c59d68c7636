package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ElectLeadersRequest;
import io.milena.protocol.message.ElectLeadersResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Elects leaders on request (KIP-460). The only broker leads whatever it has, so that no election is needed. */
public final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequest, ElectLeadersResponse> {
    private static final int ELECTION_TYPES = 2;
    private static final byte PREFERRED = 0;

    private final ImageSource images;

    public ElectLeadersHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<ElectLeadersResponse> handle(ElectLeadersRequest request, RequestContext context) {
        boolean knownType = request.electionType() >= 0 && request.electionType() < ELECTION_TYPES;
        List<ElectLeadersRequest.TopicPartitions> wanted = request.topicPartitions();
        ClusterImage image = images.image();
        if (wanted == null && !knownType) {
            return CompletableFuture.completedStage(new ElectLeadersResponse().errorCode(ErrorCode.INVALID_REQUEST));
        }
        if (wanted == null) {
            // Of all partitions, only those are answered that an election was held for.
            return CompletableFuture.completedStage(new ElectLeadersResponse()
                    .replicaElectionResults(image.topics().stream()
                            .map(topic -> new ElectLeadersResponse.TopicResult().topic(topic.name()))
                            .toList()));
        }
        return CompletableFuture.completedStage(new ElectLeadersResponse()
                .errorCode(
                        knownType || wanted.isEmpty() || context.apiVersion() == 0
                                ? ErrorCode.NONE
                                : ErrorCode.INVALID_REQUEST)
                .replicaElectionResults(wanted.stream()
                        .map(topic -> new ElectLeadersResponse.TopicResult()
                                .topic(topic.topic())
                                .partitionResult(topic.partitions().stream()
                                        .map(partition -> knownType
                                                ? result(image, request.electionType(), topic.topic(), partition)
                                                : new ElectLeadersResponse.PartitionResult()
                                                        .partitionId(partition)
                                                        .errorCode(ErrorCode.INVALID_REQUEST)
                                                        .errorMessage("There is no such type of election."))
                                        .toList()))
                        .toList()));
    }

    private static ElectLeadersResponse.PartitionResult result(
            ClusterImage image, byte electionType, String name, int partition) {
        TopicImage topic = image.topic(name);
        PartitionImage known = topic == null ? null : topic.partition(partition);
        ElectLeadersResponse.PartitionResult result = new ElectLeadersResponse.PartitionResult().partitionId(partition);
        if (known == null) {
            return result.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION).errorMessage("There is no such partition.");
        }
        if (known.leader() != PartitionImage.NO_LEADER) {
            return result.errorCode(ErrorCode.ELECTION_NOT_NEEDED).errorMessage("The wanted replica leads already.");
        }
        return result.errorCode(
                        electionType == PREFERRED
                                ? ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE
                                : ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE)
                .errorMessage("No replica is online.");
    }
}
