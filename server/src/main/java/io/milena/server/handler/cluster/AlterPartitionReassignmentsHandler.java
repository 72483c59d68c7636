package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterPartitionReassignmentsRequest;
import io.milena.protocol.message.AlterPartitionReassignmentsResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Moves partitions to other brokers (KIP-455). With a single broker there is nowhere to move: naming the broker that has the partition
 * already is done at once, any other is refused. */
public final class AlterPartitionReassignmentsHandler
        implements ApiHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> {
    private final ImageSource images;

    public AlterPartitionReassignmentsHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<AlterPartitionReassignmentsResponse> handle(
            AlterPartitionReassignmentsRequest request, RequestContext context) {
        ClusterImage image = images.image();
        List<AlterPartitionReassignmentsResponse.Topic> responses = new ArrayList<>();
        for (AlterPartitionReassignmentsRequest.Topic topic : request.topics()) {
            responses.add(new AlterPartitionReassignmentsResponse.Topic()
                    .name(topic.name())
                    .partitions(topic.partitions().stream()
                            .map(partition -> answer(image, image.topic(topic.name()), partition))
                            .toList()));
        }
        return CompletableFuture.completedStage(new AlterPartitionReassignmentsResponse()
                .errorMessage(null)
                .allowReplicationFactorChange(request.allowReplicationFactorChange())
                .responses(responses));
    }

    private static AlterPartitionReassignmentsResponse.Partition answer(
            ClusterImage image, @Nullable TopicImage topic, AlterPartitionReassignmentsRequest.Partition wish) {
        AlterPartitionReassignmentsResponse.Partition answer =
                new AlterPartitionReassignmentsResponse.Partition().partitionIndex(wish.partitionIndex());
        if (topic == null || topic.partition(wish.partitionIndex()) == null) {
            return answer.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION).errorMessage("There is no such partition.");
        }
        List<Integer> replicas = wish.replicas();
        if (replicas == null) {
            return answer.errorCode(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS)
                    .errorMessage("The partition is not being moved.");
        }
        String problem = problem(image, replicas);
        return problem == null
                ? answer.errorMessage(null)
                : answer.errorCode(ErrorCode.INVALID_REPLICA_ASSIGNMENT).errorMessage(problem);
    }

    private static @Nullable String problem(ClusterImage image, List<Integer> replicas) {
        if (replicas.isEmpty()) {
            return "The partition is assigned to no broker.";
        }
        if (new HashSet<>(replicas).size() != replicas.size()) {
            return "The partition is assigned twice to the same broker.";
        }
        for (int replica : replicas) {
            if (image.broker(replica) == null) {
                return "The partition is assigned to broker " + replica + ", which is not alive.";
            }
        }
        return null;
    }
}
