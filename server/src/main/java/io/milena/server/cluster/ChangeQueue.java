package io.milena.server.cluster;

import io.milena.protocol.Message;
import io.milena.server.strand.Strand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings changes into the metadata log and to the listeners, in the order they came.
 *
 * <p>Each change is decided against everything decided before it. Changes that wait while the log is busy are appended together,
 * so that they share one flush. A group that the log refuses leaves no trace: all its changes fail. Used on the controller's
 * strand, except {@link #submit}.
 */
final class ChangeQueue implements MetadataLog.Subscriber {
    /** Changes that may wait; beyond, new ones are refused until some are done. */
    static final int MAX_PENDING = 10_000;

    private static final int MAX_RECORDS_PER_APPEND = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(ChangeQueue.class);

    private final MetadataLog log;
    private final Strand strand;
    private final ImagePublisher publisher;
    private final long maxBytesBetweenSnapshots;
    private final AtomicInteger pending = new AtomicInteger();
    private final Queue<Change<?>> waiting = new ArrayDeque<>();
    private ClusterImage committed;
    private boolean busy;

    ChangeQueue(
            MetadataLog log,
            Strand strand,
            ImagePublisher publisher,
            ClusterImage beginning,
            long maxBytesBetweenSnapshots) {
        this.log = log;
        this.strand = strand;
        this.publisher = publisher;
        this.maxBytesBetweenSnapshots = maxBytesBetweenSnapshots;
        committed = beginning;
    }

    /** What a change is decided into: records to append, perhaps none, and the answer once they count. */
    record Decision<T>(List<Message> records, T answer) {}

    private record Change<T>(Function<ClusterImage, Decision<T>> decide, CompletableFuture<T> reply) {}

    private record Decided<T>(CompletableFuture<T> reply, T answer) {
        void complete() {
            reply.complete(answer);
        }
    }

    /** Reads what is in the log. */
    void load() {
        log.subscribe(this);
    }

    /** Adds a change; may be called by any thread. The stage fails with a {@link MetadataException} if the log or the queue is full. */
    <T> CompletionStage<T> submit(Function<ClusterImage, Decision<T>> decide) {
        if (pending.incrementAndGet() > MAX_PENDING) {
            pending.decrementAndGet();
            return CompletableFuture.failedStage(new MetadataException("too many changes of the cluster wait"));
        }
        Change<T> change = new Change<>(decide, new CompletableFuture<>());
        strand.executeLater(() -> {
            waiting.add(change);
            if (!busy) {
                busy = true;
                strand.executeLater(this::appendWaiting);
            }
        });
        return change.reply.whenComplete((answer, failure) -> pending.decrementAndGet());
    }

    @Override
    public void replaced(List<Message> snapshot) {
        committed = ImageReplay.apply(committed.withoutRecords(), snapshot);
    }

    @Override
    public void committed(List<Message> records) {
        committed = ImageReplay.apply(committed, records);
    }

    private void appendWaiting() {
        List<Message> records = new ArrayList<>();
        List<Decided<?>> group = new ArrayList<>();
        ClusterImage latest = committed;
        while (!waiting.isEmpty() && records.size() < MAX_RECORDS_PER_APPEND) {
            latest = decide(waiting.remove(), latest, records, group);
        }
        if (records.isEmpty()) {
            answer(group);
            next();
        } else {
            log.append(records).whenCompleteAsync((offset, error) -> appended(group, error), strand::executeLater);
        }
    }

    private <T> ClusterImage decide(
            Change<T> change, ClusterImage latest, List<Message> records, List<Decided<?>> group) {
        try {
            Decision<T> decision = change.decide.apply(latest);
            ClusterImage changed = ImageReplay.apply(latest, decision.records);
            records.addAll(decision.records);
            group.add(new Decided<>(change.reply, decision.answer));
            return changed;
        } catch (RuntimeException e) {
            change.reply.completeExceptionally(e);
            return latest;
        }
    }

    private void appended(List<Decided<?>> group, Throwable error) {
        if (error == null) {
            publisher.publish(committed).thenRun(() -> answer(group));
        } else {
            LOG.error("metadata log refused changes: count={} reason={}", group.size(), error.getMessage());
            group.forEach(decided -> decided.reply.completeExceptionally(error));
        }
        if (log.bytesSinceReplacement() < maxBytesBetweenSnapshots) {
            next();
        } else {
            log.replace(ImageReplay.snapshot(committed))
                    .whenCompleteAsync((done, failure) -> snapshotWritten(failure), strand::executeLater);
        }
    }

    private void snapshotWritten(Throwable failure) {
        if (failure != null) {
            LOG.error("metadata snapshot failed: reason={}", failure.getMessage());
        }
        next();
    }

    private void next() {
        if (waiting.isEmpty()) {
            busy = false;
        } else {
            strand.executeLater(this::appendWaiting);
        }
    }

    private static void answer(List<Decided<?>> group) {
        group.forEach(Decided::complete);
    }
}
