package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.TransactionSettings;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.ShardHost;
import io.milena.server.partition.PartitionListener;
import io.milena.server.strand.Timers;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What handlers ask of transactions: finds the shard that holds a transactional id and brings the request there. Every stage may fail
 * with a {@link CoordinatorException} that names the error for the newest clients. May be called from any thread.
 */
public final class TransactionCoordinator implements AutoCloseable {
    /** How long a record of a transaction waits to be replicated. */
    private static final long COMMIT_TIMEOUT_MS = 5_000;

    private final ShardHost<TransactionRecord, TransactionShard> host;
    private final IntSupplier partitions;
    private final TransactionLimits limits;

    /** @param partitions how many partitions {@code __transaction_state} has at the moment; 0 while there is no such topic */
    public TransactionCoordinator(
            ShardHost<TransactionRecord, TransactionShard> host, IntSupplier partitions, TransactionLimits limits) {
        this.host = host;
        this.partitions = partitions;
        this.limits = limits;
    }

    /**
     * What a coordinator works with.
     *
     * @param images tell how many partitions there are
     * @param background runs loading, which reads from disk
     */
    public record Surroundings(ImageSource images, Timers timers, Clock clock, Executor background) {}

    /** A coordinator of this broker's part of {@code __transaction_state}, which {@link #host()} must be told of. */
    public static TransactionCoordinator create(
            TransactionSettings settings,
            Surroundings surroundings,
            Supplier<CompletionStage<Long>> producerIds,
            TransactionMarkers markers) {
        TransactionLimits limits = TransactionLimits.of(settings);
        ShardHost<TransactionRecord, TransactionShard> host = new ShardHost<>(new ShardHost.Terms<>(
                TopicImage.TRANSACTION_STATE,
                new TransactionRecordCodec(),
                context -> new TransactionShard(context, limits, producerIds, markers),
                surroundings.timers(),
                surroundings.clock(),
                surroundings.background(),
                COMMIT_TIMEOUT_MS));
        return new TransactionCoordinator(host, () -> partitionsIn(surroundings.images()), limits);
    }

    private static int partitionsIn(ImageSource images) {
        TopicImage topic = images.image().topic(TopicImage.TRANSACTION_STATE);
        return topic == null ? 0 : topic.partitions().size();
    }

    /** Follows which partitions this broker leads. */
    public PartitionListener host() {
        return host;
    }

    /** The partition that keeps a transactional id, Kafka's way; a hash that has no positive counterpart counts as 0. */
    public static int partitionFor(String transactionalId, int partitions) {
        int hash = transactionalId.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitions;
    }

    /** InitProducerId with a transactional id. */
    public CompletionStage<ProducerIdentity> init(InitProducerRequest request) {
        if (request.timeoutMs() <= 0 || request.timeoutMs() > limits.maxTimeoutMs()) {
            return request.transactionalId().isEmpty()
                    ? refused(ErrorCode.INVALID_REQUEST)
                    : refused(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        return execute(request.transactionalId(), shard -> shard.init(request));
    }

    /** Adds partitions to a transaction: NONE, or it fails. */
    public CompletionStage<ErrorCode> add(AddPartitionsRequest request) {
        return execute(request.transactionalId(), shard -> shard.add(request));
    }

    /** Which of some partitions do not belong to a transaction. */
    public CompletionStage<Set<TopicPartition>> verify(AddPartitionsRequest request) {
        return execute(request.transactionalId(), shard -> shard.verify(request));
    }

    /** Completes when no transaction of the id is ending any more, or after the timeout. */
    public CompletionStage<Void> awaitCompletion(String transactionalId, long timeoutMs) {
        return execute(transactionalId, shard -> shard.awaitCompletion(transactionalId, timeoutMs));
    }

    /** EndTxn; gives who the producer is afterwards. */
    public CompletionStage<ProducerIdentity> end(EndTransactionRequest request) {
        return execute(request.transactionalId(), shard -> shard.end(request));
    }

    /** DescribeTransactions for one id. */
    public CompletionStage<TransactionMetadata> describe(String transactionalId) {
        return execute(transactionalId, shard -> shard.describe(transactionalId));
    }

    /** ListTransactions on this broker, one stage for each shard. */
    public List<CompletionStage<List<ListTransactionsResponse.TransactionState>>> list(TransactionFilter filter) {
        return host.executeOnAll(shard -> shard.list(filter));
    }

    /** Ends all coordination here. */
    @Override
    public void close() {
        host.close();
    }

    private <R> CompletionStage<R> execute(
            String transactionalId, Function<TransactionShard, CompletionStage<R>> operation) {
        if (transactionalId.isEmpty()) {
            return refused(ErrorCode.INVALID_REQUEST);
        }
        int count = partitions.getAsInt();
        return count == 0
                ? refused(ErrorCode.NOT_COORDINATOR)
                : host.execute(partitionFor(transactionalId, count), operation);
    }

    private static <R> CompletionStage<R> refused(ErrorCode error) {
        return CompletableFuture.failedFuture(new CoordinatorException(error, "request refused"));
    }
}
