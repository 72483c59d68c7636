package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.config.TransactionSettings;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.partition.TransactionGate;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    /**
     * What to ask before records of a transaction are appended, null if nothing. A producer whose last transaction still ends is not sent
     * away at once, because that takes but a moment.
     */
    public TransactionGate.@Nullable Question forRecords(
            String transactionalId, TopicPartition partition, PartitionClaim claim) {
        return isNeeded(claim)
                ? new Claim(
                        transactionalId,
                        partition,
                        claim,
                        claim == PartitionClaim.WRITTEN,
                        error -> toProducer(error, claim))
                : null;
    }

    /** What to ask before offsets are committed in a transaction, null if nothing. */
    public TransactionGate.@Nullable Question forOffsets(
            String transactionalId, TopicPartition partition, PartitionClaim claim) {
        return isNeeded(claim)
                ? new Claim(transactionalId, partition, claim, false, PartitionVerification::toGroup)
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

    private final class Claim implements TransactionGate.Question {
        private final String transactionalId;
        private final TopicPartition partition;
        private final PartitionClaim claim;
        private final boolean patient;
        private final Function<ErrorCode, ErrorCode> translation;

        Claim(
                String transactionalId,
                TopicPartition partition,
                PartitionClaim claim,
                boolean patient,
                Function<ErrorCode, ErrorCode> translation) {
            this.transactionalId = transactionalId;
            this.partition = partition;
            this.claim = claim;
            this.patient = patient;
            this.translation = translation;
        }

        @Override
        public int transactionVersion() {
            return claim == PartitionClaim.WRITTEN ? TransactionVersion.EPOCH_BUMPING : TransactionVersion.CLASSIC;
        }

        @Override
        public CompletionStage<ErrorCode> ask(long producerId, short producerEpoch) {
            AddPartitionsRequest request = new AddPartitionsRequest(
                    transactionalId,
                    new ProducerIdentity(producerId, producerEpoch),
                    Set.of(partition),
                    transactionVersion());
            CompletionStage<ErrorCode> answer = once(request)
                    .thenCompose(first -> first == ErrorCode.CONCURRENT_TRANSACTIONS && patient
                            ? onceMore(request)
                            : CompletableFuture.completedFuture(first));
            return answer.thenApply(translation);
        }

        private CompletionStage<ErrorCode> onceMore(AddPartitionsRequest request) {
            return coordinator
                    .awaitCompletion(transactionalId, settings.get().addPartitionsMaxWaitMs())
                    .handle((done, failure) -> failure == null)
                    .thenCompose(waited -> once(request));
        }

        private CompletionStage<ErrorCode> once(AddPartitionsRequest request) {
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
