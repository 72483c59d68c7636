package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.TransactionMarker;
import io.milena.server.strand.Timeout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decided transactions of one shard of which some partitions have not been told. Each partition gets its marker by a message to
 * its strand, and answers by one; when all have answered, the transaction is complete. What fails for now is tried again after a pause
 * that grows. Belongs to the shard.
 */
final class Completions {
    static final long FIRST_RETRY_MS = 100;
    static final long LAST_RETRY_MS = 5_000;
    /** With more partitions than this, the producer has its answer before they are told. */
    static final int MAX_PARTITIONS_AT_ONCE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private final ShardContext<TransactionRecord> context;
    private final TransactionMarkers markers;
    private final Map<String, Completion> completions = new HashMap<>();

    Completions(ShardContext<TransactionRecord> context, TransactionMarkers markers) {
        this.context = context;
        this.markers = markers;
    }

    /** Begins to tell the partitions; the decision is committed. */
    void start(TransactionMetadata prepared) {
        Completion completion = new Completion(prepared);
        completions.put(prepared.transactionalId(), completion);
        if (prepared.partitions().size() <= MAX_PARTITIONS_AT_ONCE) {
            completion.tellAll();
        } else {
            context.schedule(0, completion::tellAll);
        }
    }

    /** Completes when the transaction that ends now is complete, or some time has passed; at once if none ends. */
    CompletionStage<Void> await(String transactionalId, long timeoutMs) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Completion completion = completions.get(transactionalId);
        if (completion == null) {
            done.complete(null);
        } else {
            Timeout timeout = context.schedule(timeoutMs, () -> done.complete(null));
            completion.waiting.add(() -> {
                timeout.cancel();
                done.complete(null);
            });
        }
        return done;
    }

    /** Nothing more can be done here. */
    void unloaded() {
        completions.values().forEach(completion -> completion.waiting.forEach(Runnable::run));
        completions.clear();
    }

    private final class Completion {
        private final TransactionMetadata prepared;
        private final TransactionMarker marker;
        private final Set<TopicPartition> untold;
        private final List<Runnable> waiting = new ArrayList<>(0);
        private long retryMs = FIRST_RETRY_MS;

        Completion(TransactionMetadata prepared) {
            this.prepared = prepared;
            this.untold = new HashSet<>(prepared.partitions());
            this.marker = new TransactionMarker(
                    prepared.producer(),
                    prepared.state() == TransactionState.PREPARE_COMMIT,
                    context.epoch(),
                    prepared.clientVersion());
        }

        void tellAll() {
            if (untold.isEmpty()) {
                complete();
            } else {
                untold.forEach(this::tell);
            }
        }

        private void tell(TopicPartition partition) {
            markers.write(partition, marker)
                    .thenAccept(error -> context.resume(() -> {
                        if (completions.get(prepared.transactionalId()) == this) {
                            told(partition, error);
                        }
                        return CompletableFuture.completedFuture(null);
                    }));
        }

        private void told(TopicPartition partition, ErrorCode error) {
            switch (error) {
                case NONE -> settle(partition);
                case UNKNOWN_TOPIC_OR_PARTITION -> skip(partition, "deleted", error);
                // the partition knows of something later: this transaction ended there long ago
                case INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED -> skip(partition, "ahead", error);
                default -> retry(() -> tell(partition), partition.toString(), error);
            }
        }

        private void skip(TopicPartition partition, String reason, ErrorCode error) {
            LOG.info(
                    "marker skipped: transactionalId={} partition={} reason={} error={}",
                    prepared.transactionalId(),
                    partition,
                    reason,
                    error);
            settle(partition);
        }

        private void settle(TopicPartition partition) {
            if (untold.remove(partition) && untold.isEmpty()) {
                complete();
            }
        }

        private void complete() {
            TransactionRecord record = new TransactionRecord.Stored(prepared.completed(context.nowMs()));
            try {
                context.carryOut(new Decision<>(List.of(record), true));
            } catch (CoordinatorException e) {
                retry(this::complete, "its own record", e.error());
                return;
            }
            completions.remove(prepared.transactionalId(), this);
            waiting.forEach(Runnable::run);
        }

        private void retry(Runnable step, String what, ErrorCode error) {
            if (retryMs == FIRST_RETRY_MS) {
                LOG.warn(
                        "transaction not complete yet: transactionalId={} missing={} error={}",
                        prepared.transactionalId(),
                        what,
                        error);
            }
            context.schedule(retryMs, () -> {
                if (completions.get(prepared.transactionalId()) == this) {
                    step.run();
                }
            });
            retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
        }
    }
}
