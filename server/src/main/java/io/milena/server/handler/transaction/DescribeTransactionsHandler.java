package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.coordinator.transaction.TransactionMetadata;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells all about transactional ids that this broker coordinates (KIP-664). */
public final class DescribeTransactionsHandler
        implements ApiHandler<DescribeTransactionsRequest, DescribeTransactionsResponse> {
    private final TransactionCoordinator coordinator;

    public DescribeTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public CompletionStage<DescribeTransactionsResponse> handle(
            DescribeTransactionsRequest request, RequestContext context) {
        CompletionStage<List<DescribeTransactionsResponse.TransactionState>> all =
                CompletableFuture.completedFuture(new ArrayList<>());
        for (String transactionalId : request.transactionalIds()) {
            all = all.thenCombine(describe(transactionalId), (states, state) -> {
                states.add(state);
                return states;
            });
        }
        return all.thenApply(states -> new DescribeTransactionsResponse().transactionStates(states));
    }

    private CompletionStage<DescribeTransactionsResponse.TransactionState> describe(String transactionalId) {
        return coordinator
                .describe(transactionalId)
                .handle((transaction, failure) -> failure == null
                        ? described(transaction)
                        : failed(transactionalId, CoordinatorException.errorOf(failure)));
    }

    private static DescribeTransactionsResponse.TransactionState failed(String transactionalId, ErrorCode error) {
        return new DescribeTransactionsResponse.TransactionState()
                .transactionalId(transactionalId)
                .errorCode(error);
    }

    private static DescribeTransactionsResponse.TransactionState described(TransactionMetadata transaction) {
        List<DescribeTransactionsResponse.Topic> topics = new ArrayList<>();
        DescribeTransactionsResponse.Topic topic = null;
        for (TopicPartition partition : transaction.partitions()) {
            if (topic == null || !topic.topic().equals(partition.topic())) {
                topic = new DescribeTransactionsResponse.Topic()
                        .topic(partition.topic())
                        .partitions(new ArrayList<>());
                topics.add(topic);
            }
            topic.partitions().add(partition.partition());
        }
        return new DescribeTransactionsResponse.TransactionState()
                .transactionalId(transaction.transactionalId())
                .producerId(transaction.producer().producerId())
                .producerEpoch(transaction.producer().producerEpoch())
                .transactionState(transaction.state().label())
                .transactionTimeoutMs(transaction.timeoutMs())
                .transactionStartTimeMs(transaction.startTimestampMs())
                .topics(topics);
    }
}
