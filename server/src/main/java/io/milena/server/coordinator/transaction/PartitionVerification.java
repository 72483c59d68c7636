package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.config.TransactionSettings;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.partition.TransactionGate;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What partitions ask coordinators before a transaction may begin in them (KIP-890): whether the partition was added, or, for clients
 * that add by writing, to add it. May be used from any thread.
 */
public final class PartitionVerification {
    private final TransactionCoordinator coordinator;
    private final Supplier<TransactionSettings> settings;

    /** @param settings those of now */
    public PartitionVerification(TransactionCoordinator coordinator, Supplier<TransactionSettings> settings) {
        this.coordinator = coordinator;
        this.settings = settings;
    }

    /** What the batches of one Produce request have to ask. */
    public ForRecords forRecords(String transactionalId, PartitionClaim claim) {
        return new ForRecords(transactionalId, claim);
    }

    /** What to ask before offsets are committed in a transaction, null if nothing. */
    public TransactionGate.@Nullable Question forOffsets(
            String transactionalId, TopicPartition partition, PartitionClaim claim) {
        return isNeeded(claim)
                ? new Claim(transactionalId, Set.of(partition), claim, PartitionVerification::toGroup)
                : null;
    }

    private boolean isNeeded(PartitionClaim claim) {
        return claim == PartitionClaim.WRITTEN || settings.get().verifiesPartitions();
    }

    /** Clients retry a produce on what they know to pass, without looking for another leader. */
    private static ErrorCode toProducer(ErrorCode error, PartitionClaim claim) {
        return switch (error) {
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
                ErrorCode.NOT_ENOUGH_REPLICAS;
            case CONCURRENT_TRANSACTIONS -> claim == PartitionClaim.WRITTEN ? error : ErrorCode.NOT_ENOUGH_REPLICAS;
            default -> error;
        };
    }

    /** It is not the group's coordinator that is missing. */
    private static ErrorCode toGroup(ErrorCode error) {
        return error == ErrorCode.NOT_COORDINATOR ? ErrorCode.COORDINATOR_NOT_AVAILABLE : error;
    }

    /**
     * The questions of one Produce request, whose batches all have the same producer. Clients that add by writing get all its
     * partitions added at once, by whichever asks first: one record of the transaction for a request, not one for each partition.
     * Filled by one thread before the first question is asked.
     */
    public final class ForRecords {
        private final String transactionalId;
        private final PartitionClaim claim;
        private final Set<TopicPartition> written = new HashSet<>();
        private @Nullable Shared shared;

        private ForRecords(String transactionalId, PartitionClaim claim) {
            this.transactionalId = transactionalId;
            this.claim = claim;
        }

        /** What to ask before records are appended to a partition, null if nothing. */
        public TransactionGate.@Nullable Question question(TopicPartition partition) {
            if (!isNeeded(claim)) {
                return null;
            }
            Function<ErrorCode, ErrorCode> translation = error -> toProducer(error, claim);
            if (claim != PartitionClaim.WRITTEN) {
                return new Claim(transactionalId, Set.of(partition), claim, translation);
            }
            if (shared == null) {
                shared = new Shared(new Claim(transactionalId, written, claim, translation));
            }
            written.add(partition);
            return shared;
        }
    }

    /** One question of several partitions. A producer whose last transaction still ends is not sent away at once: that takes but a moment. */
    private final class Shared implements TransactionGate.Question {
        private final Claim claim;
        private final AtomicBoolean asked = new AtomicBoolean();
        private final CompletableFuture<ErrorCode> answer = new CompletableFuture<>();

        Shared(Claim claim) {
            this.claim = claim;
        }

        @Override
        public int transactionVersion() {
            return claim.transactionVersion();
        }

        @Override
        public CompletionStage<ErrorCode> ask(long producerId, short producerEpoch) {
            if (asked.compareAndSet(false, true)) {
                AddPartitionsRequest request = claim.request(producerId, producerEpoch);
                claim.once(request)
                        .thenCompose(first -> first == ErrorCode.CONCURRENT_TRANSACTIONS
                                ? onceMore(request)
                                : CompletableFuture.completedFuture(first))
                        .thenAccept(error -> answer.complete(claim.translation.apply(error)));
            }
            return answer;
        }

        private CompletionStage<ErrorCode> onceMore(AddPartitionsRequest request) {
            return coordinator
                    .awaitCompletion(request.transactionalId(), settings.get().addPartitionsMaxWaitMs())
                    .handle((done, failure) -> failure == null)
                    .thenCompose(waited -> claim.once(request));
        }
    }

    private final class Claim implements TransactionGate.Question {
        private final String transactionalId;
        private final Set<TopicPartition> partitions;
        private final PartitionClaim claim;
        private final Function<ErrorCode, ErrorCode> translation;

        Claim(
                String transactionalId,
                Set<TopicPartition> partitions,
                PartitionClaim claim,
                Function<ErrorCode, ErrorCode> translation) {
            this.transactionalId = transactionalId;
            this.partitions = partitions;
            this.claim = claim;
            this.translation = translation;
        }

        @Override
        public int transactionVersion() {
            return claim == PartitionClaim.WRITTEN ? TransactionVersion.EPOCH_BUMPING : TransactionVersion.CLASSIC;
        }

        @Override
        public CompletionStage<ErrorCode> ask(long producerId, short producerEpoch) {
            return once(request(producerId, producerEpoch)).thenApply(translation);
        }

        AddPartitionsRequest request(long producerId, short producerEpoch) {
            return new AddPartitionsRequest(
                    transactionalId, new ProducerIdentity(producerId, producerEpoch), partitions, transactionVersion());
        }

        CompletionStage<ErrorCode> once(AddPartitionsRequest request) {
            CompletionStage<ErrorCode> asked = claim == PartitionClaim.WRITTEN
                    ? coordinator.add(request)
                    : coordinator.verify(request).thenApply(missing -> missing.isEmpty() ? ErrorCode.NONE : unnamed());
            return asked.exceptionally(failure -> forProducer(CoordinatorException.errorOf(failure)));
        }

        private ErrorCode unnamed() {
            return claim == PartitionClaim.NAMED_LEGACY ? ErrorCode.INVALID_TXN_STATE : ErrorCode.TRANSACTION_ABORTABLE;
        }

        private static ErrorCode forProducer(ErrorCode error) {
            return error == ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
        }
    }
}
