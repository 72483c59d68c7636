package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.Shard;
import io.milena.server.coordinator.ShardContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transactional ids of one partition of {@code __transaction_state}. Runs inside that partition's strand. */
public final class TransactionShard implements Shard<TransactionRecord> {
    /** Most tombstones appended at once, so that a batch stays well below the topic's limit. */
    static final int MAX_TOMBSTONES_PER_BATCH = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(TransactionShard.class);

    private final ShardContext<TransactionRecord> context;
    private final TransactionLimits limits;
    private final Supplier<CompletionStage<Long>> producerIds;
    private final Completions completions;
    private final Map<String, TransactionMetadata> transactions = new HashMap<>();
    private final Set<String> ongoing = new HashSet<>();

    /** @param producerIds where new producer ids come from */
    public TransactionShard(
            ShardContext<TransactionRecord> context,
            TransactionLimits limits,
            Supplier<CompletionStage<Long>> producerIds,
            TransactionMarkers markers) {
        this.context = context;
        this.limits = limits;
        this.producerIds = producerIds;
        this.completions = new Completions(context, markers);
    }

    @Override
    public void apply(TransactionRecord record) {
        String id = record.transactionalId();
        ongoing.remove(id);
        if (record instanceof TransactionRecord.Stored stored) {
            transactions.put(id, stored.transaction());
            if (stored.transaction().state() == TransactionState.ONGOING) {
                ongoing.add(id);
            }
        } else {
            transactions.remove(id);
        }
    }

    @Override
    public void loaded() {
        List<TransactionMetadata> decided = new ArrayList<>();
        for (TransactionMetadata transaction : transactions.values()) {
            if (transaction.state().isPrepared()) {
                decided.add(transaction);
            }
        }
        decided.forEach(this::complete);
        scheduleAborts();
        scheduleRemovals();
    }

    @Override
    public void unloaded() {
        completions.unloaded();
    }

    CompletionStage<ProducerIdentity> init(InitProducerRequest request) {
        return decideWithId(freshId -> {
            TransactionMetadata current = transactions.get(request.transactionalId());
            return store(InitProducer.decide(request, current, freshId, context.nowMs()))
                    .thenApply(stored -> {
                        if (stored.state().isPrepared()) {
                            throw new CoordinatorException(
                                    ErrorCode.CONCURRENT_TRANSACTIONS, "a transaction is aborted first");
                        }
                        return stored.producer();
                    });
        });
    }

    /** Whether the partitions belong to the transaction: an error for all, or the partitions that do not. */
    CompletionStage<Set<TopicPartition>> verify(AddPartitionsRequest request) {
        TransactionMetadata current = writable(request);
        Set<TopicPartition> missing = new HashSet<>(request.partitions());
        missing.removeAll(current.partitions());
        return context.carryOut(Decision.reply(missing));
    }

    CompletionStage<ErrorCode> add(AddPartitionsRequest request) {
        TransactionMetadata current = writable(request);
        if (current.state() == TransactionState.ONGOING && current.partitions().containsAll(request.partitions())) {
            return context.carryOut(Decision.reply(ErrorCode.NONE));
        }
        return store(current.withPartitions(request.partitions(), request.clientVersion(), context.nowMs()))
                .thenApply(stored -> ErrorCode.NONE);
    }

    /** Completes when no transaction of the id is ending any more, or some time has passed. */
    CompletionStage<Void> awaitCompletion(String transactionalId, long timeoutMs) {
        return completions.await(transactionalId, timeoutMs);
    }

    /** Who the producer is once the transaction has ended. */
    CompletionStage<ProducerIdentity> end(EndTransactionRequest request) {
        return decideWithId(freshId -> {
            TransactionMetadata current = known(request.transactionalId());
            TransactionMetadata next = EndTransaction.decide(request, current, freshId, context.nowMs());
            return next == null
                    ? context.carryOut(Decision.reply(current.producer()))
                    : store(next).thenApply(TransactionMetadata::afterwards);
        });
    }

    CompletionStage<TransactionMetadata> describe(String transactionalId) {
        TransactionMetadata transaction = transactions.get(transactionalId);
        if (transaction == null) {
            throw new CoordinatorException(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND, "unknown id " + transactionalId);
        }
        return context.carryOut(Decision.reply(transaction));
    }

    CompletionStage<List<ListTransactionsResponse.TransactionState>> list(TransactionFilter filter) {
        List<ListTransactionsResponse.TransactionState> listed = new ArrayList<>();
        long nowMs = context.nowMs();
        for (TransactionMetadata transaction : transactions.values()) {
            if (filter.matches(transaction, nowMs)) {
                listed.add(new ListTransactionsResponse.TransactionState()
                        .transactionalId(transaction.transactionalId())
                        .producerId(transaction.producerId())
                        .transactionState(transaction.state().label()));
            }
        }
        return context.carryOut(Decision.reply(listed));
    }

    private TransactionMetadata known(String transactionalId) {
        TransactionMetadata current = transactions.get(transactionalId);
        if (current == null) {
            throw new CoordinatorException(ErrorCode.INVALID_PRODUCER_ID_MAPPING, "unknown id " + transactionalId);
        }
        return current;
    }

    /** The transaction to which the producer may add. */
    private TransactionMetadata writable(AddPartitionsRequest request) {
        TransactionMetadata current = known(request.transactionalId());
        if (current.producerId() != request.producer().producerId()) {
            throw new CoordinatorException(
                    ErrorCode.INVALID_PRODUCER_ID_MAPPING, "another producer uses " + request.transactionalId());
        }
        if (current.producerEpoch() != request.producer().producerEpoch()) {
            throw new CoordinatorException(
                    ErrorCode.PRODUCER_FENCED, "epoch of " + request.transactionalId() + " is outdated");
        }
        if (current.state().isPrepared()) {
            throw new CoordinatorException(
                    ErrorCode.CONCURRENT_TRANSACTIONS, request.transactionalId() + " ends a transaction");
        }
        return current;
    }

    /** Appends what becomes of an id; a decided transaction is completed as soon as the decision is committed. */
    private CompletionStage<TransactionMetadata> store(TransactionMetadata next) {
        CompletionStage<TransactionMetadata> stored =
                context.carryOut(new Decision<>(List.of(new TransactionRecord.Stored(next)), next));
        if (next.state().isPrepared()) {
            complete(next);
        }
        return stored;
    }

    private void complete(TransactionMetadata decided) {
        CompletionStage<TransactionMetadata> committed = context.carryOut(Decision.reply(decided));
        committed.whenComplete((done, failure) -> {
            if (failure == null) {
                completions.start(decided);
            } else { // not replicated in time, it may still be; or not led here any more, then this never runs
                context.schedule(Completions.LAST_RETRY_MS, () -> complete(decided));
            }
        });
    }

    /** Makes a decision, a second time with a new producer id if it turns out to need one. */
    private <R> CompletionStage<R> decideWithId(LongFunction<CompletionStage<R>> decision) {
        try {
            return decision.apply(TransactionMetadata.NONE);
        } catch (ProducerIdNeededException e) {
            CompletionStage<Long> taken = producerIds.get().exceptionally(failure -> {
                throw new CoordinatorException(ErrorCode.COORDINATOR_NOT_AVAILABLE, "no producer id can be reserved");
            });
            return taken.thenCompose(freshId -> context.resume(() -> decision.apply(freshId)));
        }
    }

    private void scheduleAborts() {
        context.schedule(limits.abortIntervalMs(), () -> {
            abortTimedOut();
            scheduleAborts();
        });
    }

    private void abortTimedOut() {
        long nowMs = context.nowMs();
        for (String id : List.copyOf(ongoing)) {
            if (isTimedOut(id, nowMs)) {
                try {
                    decideWithId(freshId -> isTimedOut(id, nowMs)
                            ? store(EndTransaction.fence(known(id), freshId, nowMs))
                            : context.carryOut(Decision.reply(known(id))));
                    LOG.info("transaction timed out: transactionalId={}", id);
                } catch (CoordinatorException e) {
                    LOG.warn("transaction not aborted: transactionalId={} error={}", id, e.error());
                }
            }
        }
    }

    private boolean isTimedOut(String transactionalId, long nowMs) {
        TransactionMetadata transaction = transactions.get(transactionalId);
        return transaction != null
                && transaction.state() == TransactionState.ONGOING
                && !transaction.isWithoutTimeout()
                && transaction.startTimestampMs() + transaction.timeoutMs() < nowMs;
    }

    private void scheduleRemovals() {
        context.schedule(limits.removalIntervalMs(), () -> {
            removeExpired();
            scheduleRemovals();
        });
    }

    private void removeExpired() {
        long lastUseMs = context.nowMs() - limits.transactionalIdExpirationMs();
        List<TransactionRecord> expired = new ArrayList<>();
        for (TransactionMetadata transaction : transactions.values()) {
            if (transaction.state().isIdle() && transaction.lastUpdateTimestampMs() <= lastUseMs) {
                expired.add(new TransactionRecord.Removed(transaction.transactionalId()));
            }
        }
        try {
            for (int from = 0; from < expired.size(); from += MAX_TOMBSTONES_PER_BATCH) {
                int to = Math.min(expired.size(), from + MAX_TOMBSTONES_PER_BATCH);
                context.carryOut(new Decision<>(expired.subList(from, to), true));
            }
        } catch (CoordinatorException e) {
            LOG.warn("transactional ids not removed: expired={} error={}", expired.size(), e.error());
        }
    }
}
