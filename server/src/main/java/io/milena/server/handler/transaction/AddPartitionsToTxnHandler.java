package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AddPartitionsToTxnRequest;
import io.milena.protocol.message.AddPartitionsToTxnResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.transaction.AddPartitionsRequest;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.coordinator.transaction.TransactionVersion;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * AddPartitionsToTxn. Clients up to version 3 name the partitions of one transaction. From version 4 on other brokers add or verify those
 * of several. If one partition does not exist, none is added.
 */
public final class AddPartitionsToTxnHandler
        implements ApiHandler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> {
    private static final int BATCH_MIN_VERSION = 4;

    private final TransactionCoordinator coordinator;
    private final ImageSource images;

    public AddPartitionsToTxnHandler(TransactionCoordinator coordinator, ImageSource images) {
        this.coordinator = coordinator;
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public CompletionStage<AddPartitionsToTxnResponse> handle(
            AddPartitionsToTxnRequest request, RequestContext context) {
        if (context.apiVersion() < BATCH_MIN_VERSION) {
            return add(ofClient(request), context)
                    .thenApply(topics -> new AddPartitionsToTxnResponse().resultsByTopicV3AndBelow(topics));
        }
        CompletionStage<List<AddPartitionsToTxnResponse.TransactionResult>> all =
                CompletableFuture.completedFuture(new ArrayList<>());
        for (AddPartitionsToTxnRequest.Transaction transaction : request.transactions()) {
            all = all.thenCombine(add(transaction, context), (results, topics) -> {
                results.add(new AddPartitionsToTxnResponse.TransactionResult()
                        .transactionalId(transaction.transactionalId())
                        .topicResults(topics));
                return results;
            });
        }
        return all.thenApply(results -> new AddPartitionsToTxnResponse().resultsByTransaction(results));
    }

    private static AddPartitionsToTxnRequest.Transaction ofClient(AddPartitionsToTxnRequest request) {
        return new AddPartitionsToTxnRequest.Transaction()
                .transactionalId(request.v3AndBelowTransactionalId())
                .producerId(request.v3AndBelowProducerId())
                .producerEpoch(request.v3AndBelowProducerEpoch())
                .topics(request.v3AndBelowTopics());
    }

    private CompletionStage<List<AddPartitionsToTxnResponse.TopicResult>> add(
            AddPartitionsToTxnRequest.Transaction transaction, RequestContext context) {
        Set<TopicPartition> missing = missing(transaction);
        if (!missing.isEmpty()) {
            return CompletableFuture.completedFuture(results(
                    transaction,
                    partition -> missing.contains(partition)
                            ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                            : ErrorCode.OPERATION_NOT_ATTEMPTED));
        }
        AddPartitionsRequest request = new AddPartitionsRequest(
                transaction.transactionalId(),
                new ProducerIdentity(transaction.producerId(), transaction.producerEpoch()),
                partitions(transaction),
                context.apiVersion() < BATCH_MIN_VERSION
                        ? TransactionVersion.CLASSIC
                        : TransactionVersion.EPOCH_BUMPING);
        CompletionStage<List<AddPartitionsToTxnResponse.TopicResult>> results = transaction.verifyOnly()
                ? coordinator
                        .verify(request)
                        .thenApply(unknown -> results(
                                transaction,
                                partition ->
                                        unknown.contains(partition) ? ErrorCode.TRANSACTION_ABORTABLE : ErrorCode.NONE))
                : coordinator.add(request).thenApply(error -> results(transaction, partition -> error));
        return results.exceptionally(failure -> {
            ErrorCode error = FencedProducers.errorFor(context, failure);
            return results(transaction, partition -> error);
        });
    }

    private Set<TopicPartition> missing(AddPartitionsToTxnRequest.Transaction transaction) {
        ClusterImage image = images.image();
        Set<TopicPartition> missing = new HashSet<>();
        for (AddPartitionsToTxnRequest.Topic topic : transaction.topics()) {
            TopicImage known = image.topic(topic.name());
            for (int partition : topic.partitions()) {
                if (known == null || known.partition(partition) == null) {
                    missing.add(new TopicPartition(topic.name(), partition));
                }
            }
        }
        return missing;
    }

    private static Set<TopicPartition> partitions(AddPartitionsToTxnRequest.Transaction transaction) {
        Set<TopicPartition> partitions = new HashSet<>();
        for (AddPartitionsToTxnRequest.Topic topic : transaction.topics()) {
            topic.partitions().forEach(partition -> partitions.add(new TopicPartition(topic.name(), partition)));
        }
        return partitions;
    }

    private static List<AddPartitionsToTxnResponse.TopicResult> results(
            AddPartitionsToTxnRequest.Transaction transaction, Function<TopicPartition, ErrorCode> errors) {
        List<AddPartitionsToTxnResponse.TopicResult> topics =
                new ArrayList<>(transaction.topics().size());
        for (AddPartitionsToTxnRequest.Topic topic : transaction.topics()) {
            List<AddPartitionsToTxnResponse.PartitionResult> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (int partition : topic.partitions()) {
                partitions.add(new AddPartitionsToTxnResponse.PartitionResult()
                        .partitionIndex(partition)
                        .partitionErrorCode(errors.apply(new TopicPartition(topic.name(), partition))));
            }
            topics.add(new AddPartitionsToTxnResponse.TopicResult()
                    .name(topic.name())
                    .resultsByPartition(partitions));
        }
        return topics;
    }
}
