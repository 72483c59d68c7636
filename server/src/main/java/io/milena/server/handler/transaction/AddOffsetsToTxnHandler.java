package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.AddOffsetsToTxnRequest;
import io.milena.protocol.message.AddOffsetsToTxnResponse;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.transaction.AddPartitionsRequest;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.coordinator.transaction.TransactionVersion;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;

/** AddOffsetsToTxn: a group's partition of {@code __consumer_offsets} joins a transaction, before offsets are committed in it. */
public final class AddOffsetsToTxnHandler implements ApiHandler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> {
    private final TransactionCoordinator coordinator;
    private final ToIntFunction<String> partitionOfGroup;

    /** @param partitionOfGroup the partition that keeps a group, or will once there is the topic */
    public AddOffsetsToTxnHandler(TransactionCoordinator coordinator, ToIntFunction<String> partitionOfGroup) {
        this.coordinator = coordinator;
        this.partitionOfGroup = partitionOfGroup;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public CompletionStage<AddOffsetsToTxnResponse> handle(AddOffsetsToTxnRequest request, RequestContext context) {
        TopicPartition offsets =
                new TopicPartition(TopicImage.CONSUMER_OFFSETS, partitionOfGroup.applyAsInt(request.groupId()));
        return coordinator
                .add(new AddPartitionsRequest(
                        request.transactionalId(),
                        new ProducerIdentity(request.producerId(), request.producerEpoch()),
                        Set.of(offsets),
                        TransactionVersion.CLASSIC))
                .exceptionally(failure -> FencedProducers.errorFor(context, failure))
                .thenApply(error -> new AddOffsetsToTxnResponse().errorCode(error));
    }
}
