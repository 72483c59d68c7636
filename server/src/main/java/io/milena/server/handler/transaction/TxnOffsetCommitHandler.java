package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.transaction.PartitionClaim;
import io.milena.server.coordinator.transaction.PartitionVerification;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.partition.TransactionGate;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** TxnOffsetCommit: a group's positions, which count once the transaction is committed. Partitions that do not exist are refused. */
public final class TxnOffsetCommitHandler implements ApiHandler<TxnOffsetCommitRequest, TxnOffsetCommitResponse> {
    /** Older clients do not know that a coordinator may be loading. */
    private static final int LOADING_MIN_VERSION = 2;

    private final GroupCoordinator groups;
    private final PartitionVerification verification;
    private final ToIntFunction<String> partitionOfGroup;
    private final ImageSource images;

    /** @param partitionOfGroup the partition that keeps a group */
    public TxnOffsetCommitHandler(
            GroupCoordinator groups,
            PartitionVerification verification,
            ToIntFunction<String> partitionOfGroup,
            ImageSource images) {
        this.groups = groups;
        this.verification = verification;
        this.partitionOfGroup = partitionOfGroup;
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.TXN_OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<TxnOffsetCommitResponse> handle(TxnOffsetCommitRequest request, RequestContext context) {
        ClusterImage image = images.image();
        List<TxnOffsetCommitResponse.Topic> replies = new ArrayList<>();
        List<TxnOffsetCommitRequest.Topic> accepted = new ArrayList<>();
        for (TxnOffsetCommitRequest.Topic topic : request.topics()) {
            screen(topic, image.topic(topic.name()), accepted, replies);
        }
        if (accepted.isEmpty()) {
            return CompletableFuture.completedFuture(new TxnOffsetCommitResponse().topics(replies));
        }
        return groups.commitTransactional(with(request, accepted), question(request, context))
                .exceptionally(failure -> refused(accepted, errorFor(context, failure)))
                .thenApply(answers -> merged(replies, answers));
    }

    private TransactionGate.@Nullable Question question(TxnOffsetCommitRequest request, RequestContext context) {
        int partition = partitionOfGroup.applyAsInt(request.groupId());
        return verification.forOffsets(
                request.transactionalId(),
                new TopicPartition(TopicImage.CONSUMER_OFFSETS, partition),
                PartitionClaim.ofOffsetCommit(context.apiVersion()));
    }

    private static void screen(
            TxnOffsetCommitRequest.Topic wanted,
            @Nullable TopicImage topic,
            List<TxnOffsetCommitRequest.Topic> accepted,
            List<TxnOffsetCommitResponse.Topic> replies) {
        List<TxnOffsetCommitRequest.Partition> known =
                new ArrayList<>(wanted.partitions().size());
        List<TxnOffsetCommitResponse.Partition> unknown = new ArrayList<>();
        for (TxnOffsetCommitRequest.Partition partition : wanted.partitions()) {
            if (topic != null && topic.partition(partition.partitionIndex()) != null) {
                known.add(partition);
            } else {
                unknown.add(answer(partition, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
            }
        }
        replies.add(new TxnOffsetCommitResponse.Topic().name(wanted.name()).partitions(unknown));
        if (!known.isEmpty()) {
            accepted.add(new TxnOffsetCommitRequest.Topic().name(wanted.name()).partitions(known));
        }
    }

    private static TxnOffsetCommitRequest with(
            TxnOffsetCommitRequest request, List<TxnOffsetCommitRequest.Topic> topics) {
        return new TxnOffsetCommitRequest()
                .transactionalId(request.transactionalId())
                .groupId(request.groupId())
                .producerId(request.producerId())
                .producerEpoch(request.producerEpoch())
                .generationId(request.generationId())
                .memberId(request.memberId())
                .groupInstanceId(request.groupInstanceId())
                .topics(topics);
    }

    private static ErrorCode errorFor(RequestContext context, Throwable failure) {
        ErrorCode error = CoordinatorException.errorOf(failure);
        return error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && context.apiVersion() < LOADING_MIN_VERSION
                ? ErrorCode.COORDINATOR_NOT_AVAILABLE
                : error;
    }

    private static List<TxnOffsetCommitResponse.Topic> refused(
            List<TxnOffsetCommitRequest.Topic> topics, ErrorCode error) {
        List<TxnOffsetCommitResponse.Topic> refused = new ArrayList<>(topics.size());
        for (TxnOffsetCommitRequest.Topic topic : topics) {
            List<TxnOffsetCommitResponse.Partition> partitions =
                    new ArrayList<>(topic.partitions().size());
            topic.partitions().forEach(partition -> partitions.add(answer(partition, error)));
            refused.add(new TxnOffsetCommitResponse.Topic().name(topic.name()).partitions(partitions));
        }
        return refused;
    }

    /** Puts the coordinator's answers behind those of partitions that do not exist, topic by topic. */
    private static TxnOffsetCommitResponse merged(
            List<TxnOffsetCommitResponse.Topic> replies, List<TxnOffsetCommitResponse.Topic> answers) {
        int next = 0;
        for (TxnOffsetCommitResponse.Topic reply : replies) {
            if (next < answers.size() && answers.get(next).name().equals(reply.name())) {
                reply.partitions().addAll(answers.get(next).partitions());
                next++;
            }
        }
        return new TxnOffsetCommitResponse().topics(replies);
    }

    private static TxnOffsetCommitResponse.Partition answer(
            TxnOffsetCommitRequest.Partition partition, ErrorCode error) {
        return new TxnOffsetCommitResponse.Partition()
                .partitionIndex(partition.partitionIndex())
                .errorCode(error);
    }
}
