package io.milena.server.handler.records;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.Writer;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.coordinator.transaction.PartitionVerification;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.partition.TransactionGate;
import io.milena.server.request.CloseConnectionException;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One produce request, from its bytes to its response: both are this object, see {@link ProduceFormat}. Read and begun on the event loop;
 * each partition's answer is written inside its strand, and whoever comes last completes the reply.
 */
final class ProduceOperation implements Message {
    private static final int FIRST_VERSION_WITH_MESSAGES = 8;

    private static final AtomicIntegerFieldUpdater<ProduceOperation> UNAPPENDED =
            AtomicIntegerFieldUpdater.newUpdater(ProduceOperation.class, "unappended");
    private static final AtomicIntegerFieldUpdater<ProduceOperation> UNANSWERED =
            AtomicIntegerFieldUpdater.newUpdater(ProduceOperation.class, "unanswered");

    private final Surroundings surroundings;
    private @Nullable String transactionalId;
    private short acks;
    private int timeoutMs;
    private @Nullable ProducedTopic firstTopic;
    private @Nullable RequestContext context;
    private @Nullable TransactionCheck transaction;
    private List<ProduceResponse.NodeEndpoint> leaders = List.of();
    private final CompletableFuture<ProduceOperation> reply = new CompletableFuture<>();

    /** Batches not yet appended or refused. */
    @SuppressWarnings("UnusedVariable") // its updater reads it
    private volatile int unappended;

    /** Partitions without an answer, and one for the beginning: nothing is complete before everything was begun. */
    @SuppressWarnings("UnusedVariable") // its updater reads it
    private volatile int unanswered;

    /**
     * What all operations work with.
     *
     * @param verification asked before a transaction begins in a partition
     */
    record Surroundings(
            PartitionLookup partitions, ImageSource images, Timers timers, PartitionVerification verification) {}

    ProduceOperation(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What the request says for all its batches. */
    void settings(@Nullable String transactionalIdRead, short acksRead, int timeoutMsRead) {
        transactionalId = transactionalIdRead;
        acks = acksRead;
        timeoutMs = timeoutMsRead;
    }

    /** Adds a topic behind the last one, null if it is the first. */
    void add(ProducedTopic topic, @Nullable ProducedTopic last) {
        if (last == null) {
            firstTopic = topic;
        } else {
            last.next(topic);
        }
    }

    CompletionStage<ProduceOperation> run(RequestContext requestContext) {
        context = requestContext;
        int accepted = prepareAll();
        if (transaction != null && transaction.wholeRequest() != ErrorCode.NONE) {
            refuseAll(transaction.wholeRequest());
            accepted = 0;
        }
        unappended = accepted;
        unanswered = accepted + 1;
        for (ProducedTopic topic = firstTopic; topic != null; topic = topic.next()) {
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                if (append.refusal() == null) {
                    append.begin();
                }
            }
        }
        answered();
        return reply;
    }

    RequestContext context() {
        return Objects.requireNonNull(context);
    }

    @Nullable
    String transactionalId() {
        return transactionalId;
    }

    short acks() {
        return acks;
    }

    int timeoutMs() {
        return timeoutMs;
    }

    /** The first topic of the request, null if it has none. */
    @Nullable
    ProducedTopic firstTopic() {
        return firstTopic;
    }

    /** What the batches say of their transaction. */
    TransactionCheck transaction() {
        if (transaction == null) {
            transaction = new TransactionCheck(transactionalId, context().apiVersion(), surroundings.verification);
        }
        return transaction;
    }

    /** Whether the client can read what is said beside an error code. */
    boolean explainsErrors() {
        return context().apiVersion() >= FIRST_VERSION_WITH_MESSAGES;
    }

    /** Runs a task when the client's patience is over. */
    Timeout schedule(Runnable task) {
        return surroundings.timers.schedule(timeoutMs, task);
    }

    /** One more batch is in its log, or never will be; its bytes are not needed any more. Any thread. */
    void appended() {
        if (UNAPPENDED.decrementAndGet(this) == 0) {
            context().releaseRecords();
        }
    }

    /** One more is answered. Any thread. */
    void answered() {
        if (UNANSWERED.decrementAndGet(this) == 0) {
            finish();
        }
    }

    /** Bytes of all batches. */
    double batchBytes() {
        double bytes = 0;
        for (ProducedTopic topic = firstTopic; topic != null; topic = topic.next()) {
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                ByteBuffer batch = append.batch();
                bytes += batch == null ? 0 : batch.remaining();
            }
        }
        return bytes;
    }

    /** Writes the response. */
    @Override
    public void write(Writer writer, int version) {
        ProduceFormat.write(writer, version, firstTopic, context().throttleMs(), leaders);
    }

    @Override
    public void forEachError(Consumer<ErrorCode> action) {
        for (ProducedTopic topic = firstTopic; topic != null; topic = topic.next()) {
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                if (append.refusal() != null) {
                    append.refusal().forEachError(action);
                }
            }
        }
    }

    /** Settles where each batch goes; returns how many do. */
    private int prepareAll() {
        int accepted = 0;
        for (ProducedTopic topic = firstTopic; topic != null; topic = topic.next()) {
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                ErrorCode error = prepare(topic, append);
                if (error == ErrorCode.NONE) {
                    accepted++;
                } else {
                    append.refuse(error);
                }
            }
        }
        return accepted;
    }

    private ErrorCode prepare(ProducedTopic topic, PartitionAppend append) {
        PartitionLookup partitions = surroundings.partitions;
        int index = append.index();
        boolean byId = ProduceFormat.hasTopicIds(context().apiVersion());
        Partition partition = byId ? partitions.find(topic.id(), index) : partitions.find(topic.name(), index);
        if (partition == null) {
            return byId ? partitions.whyMissing(topic.id(), index) : partitions.whyMissing(topic.name(), index);
        }
        ByteBuffer batch = append.batch();
        ErrorCode error = BatchCheck.check(this, partition.topic(), batch);
        if (error == ErrorCode.NONE && batch != null) {
            append.goesTo(partition, question(partition, batch));
        }
        return error;
    }

    private TransactionGate.@Nullable Question question(Partition partition, ByteBuffer batch) {
        return transactionalId != null && BatchCheck.isTransactional(batch)
                ? transaction().question(partition)
                : null;
    }

    private void refuseAll(ErrorCode error) {
        for (ProducedTopic topic = firstTopic; topic != null; topic = topic.next()) {
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                append.refuse(error);
            }
        }
    }

    private void finish() {
        ErrorCode error = firstError();
        if (error != ErrorCode.NONE && acks == Acks.NONE) {
            reply.completeExceptionally(new CloseConnectionException("produce with acks=0 failed: error=" + error));
            return;
        }
        if (error != ErrorCode.NONE && ProduceFormat.hasLeaders(context().apiVersion())) {
            addLeaders();
        }
        reply.complete(this);
    }

    private ErrorCode firstError() {
        for (ProducedTopic topic = firstTopic; topic != null; topic = topic.next()) {
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                if (append.refusal() != null) {
                    return append.refusal().errorCode();
                }
            }
        }
        return ErrorCode.NONE;
    }

    private void addLeaders() {
        CurrentLeaders known =
                new CurrentLeaders(surroundings.images.image(), context().connection());
        for (ProducedTopic topic = firstTopic; topic != null; topic = topic.next()) {
            for (PartitionAppend append = topic.first(); append != null; append = append.next()) {
                addLeader(known, topic, append.refusal());
            }
        }
        List<ProduceResponse.NodeEndpoint> endpoints = new ArrayList<>();
        for (CurrentLeaders.Node node : known.nodes()) {
            endpoints.add(new ProduceResponse.NodeEndpoint()
                    .nodeId(node.id())
                    .host(node.endpoint().host())
                    .port(node.endpoint().port())
                    .rack(node.rack()));
        }
        leaders = endpoints;
    }

    private static void addLeader(
            CurrentLeaders known, ProducedTopic topic, ProduceResponse.@Nullable Partition answer) {
        if (answer == null || answer.errorCode() != ErrorCode.NOT_LEADER_OR_FOLLOWER) {
            return;
        }
        PartitionImage partition = known.find(topic.name(), topic.id(), answer.index());
        if (partition != null) {
            answer.currentLeader(new ProduceResponse.LeaderIdAndEpoch()
                    .leaderId(partition.leader())
                    .leaderEpoch(partition.leaderEpoch()));
        }
    }
}
