package io.milena.server.handler.records;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.Records;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.CloseConnectionException;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One produce request. Begun on the event loop; each partition's answer is written inside its strand, and whoever comes last completes
 * the reply.
 */
final class ProduceOperation {
    private static final int FIRST_VERSION_WITH_MESSAGES = 8;
    private static final int FIRST_VERSION_WITH_LEADERS = 10;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final long UNKNOWN_OFFSET = -1;

    private final ProduceRequest request;
    private final RequestContext context;
    private final PartitionLookup partitions;
    private final ImageSource images;
    private final Timers timers;
    private final BatchCheck check;
    private final ProduceResponse response = new ProduceResponse();
    private final List<PartitionAppend> appends = new ArrayList<>(1);
    private final CompletableFuture<ProduceResponse> reply = new CompletableFuture<>();

    /** Batches not yet appended or refused. */
    private final AtomicInteger unappended = new AtomicInteger();

    /** Partitions without an answer, and one for the beginning: nothing is complete before everything was begun. */
    private final AtomicInteger unanswered = new AtomicInteger(1);

    ProduceOperation(
            ProduceRequest request,
            RequestContext context,
            PartitionLookup partitions,
            ImageSource images,
            Timers timers,
            BatchCheck check) {
        this.request = request;
        this.context = context;
        this.partitions = partitions;
        this.images = images;
        this.timers = timers;
        this.check = check;
    }

    CompletionStage<ProduceResponse> run() {
        List<ProduceResponse.Topic> topics = new ArrayList<>(request.topicData().size());
        for (ProduceRequest.Topic topic : request.topicData()) {
            topics.add(prepare(topic));
        }
        response.responses(topics);
        if (check.wholeRequest() != ErrorCode.NONE) {
            refuseAll(check.wholeRequest());
        }
        unanswered.addAndGet(appends.size());
        unappended.set(appends.size());
        for (PartitionAppend append : appends) {
            append.begin();
        }
        answered();
        return reply;
    }

    short acks() {
        return request.acks();
    }

    /** Whether the client can read what is said beside an error code. */
    boolean explainsErrors() {
        return context.apiVersion() >= FIRST_VERSION_WITH_MESSAGES;
    }

    /** Runs a task when the client's patience is over. */
    Timeout schedule(Runnable task) {
        return timers.schedule(request.timeoutMs(), task);
    }

    /** One more batch is in its log, or never will be; its bytes are not needed any more. Any thread. */
    void appended() {
        if (unappended.decrementAndGet() == 0) {
            context.releaseRecords();
        }
    }

    /** One more is answered. Any thread. */
    void answered() {
        if (unanswered.decrementAndGet() == 0) {
            finish();
        }
    }

    private ProduceResponse.Topic prepare(ProduceRequest.Topic topic) {
        List<ProduceResponse.Partition> answers =
                new ArrayList<>(topic.partitionData().size());
        for (ProduceRequest.Partition wanted : topic.partitionData()) {
            ProduceResponse.Partition answer = new ProduceResponse.Partition().index(wanted.index());
            answers.add(answer);
            ErrorCode error = prepare(topic, wanted, answer);
            if (error != ErrorCode.NONE) {
                answer.errorCode(error).baseOffset(UNKNOWN_OFFSET);
            }
        }
        return new ProduceResponse.Topic()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitionResponses(answers);
    }

    private void refuseAll(ErrorCode error) {
        appends.clear();
        for (ProduceResponse.Topic topic : response.responses()) {
            for (ProduceResponse.Partition answer : topic.partitionResponses()) {
                answer.errorCode(error).baseOffset(UNKNOWN_OFFSET);
            }
        }
    }

    private ErrorCode prepare(
            ProduceRequest.Topic topic, ProduceRequest.Partition wanted, ProduceResponse.Partition answer) {
        boolean byId = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
        Partition partition =
                byId ? partitions.find(topic.topicId(), wanted.index()) : partitions.find(topic.name(), wanted.index());
        if (partition == null) {
            return byId
                    ? partitions.whyMissing(topic.topicId(), wanted.index())
                    : partitions.whyMissing(topic.name(), wanted.index());
        }
        Records records = wanted.records();
        ByteBuffer batch = records == null ? null : records.buffer();
        ErrorCode error = check.check(partition.topic(), batch);
        if (error == ErrorCode.NONE && batch != null) {
            appends.add(new PartitionAppend(this, partition, batch, answer, check.question(partition, batch)));
        }
        return error;
    }

    private void finish() {
        ErrorCode error = firstError();
        if (error != ErrorCode.NONE && request.acks() == Acks.NONE) {
            reply.completeExceptionally(new CloseConnectionException("produce with acks=0 failed: error=" + error));
            return;
        }
        if (error != ErrorCode.NONE && context.apiVersion() >= FIRST_VERSION_WITH_LEADERS) {
            addLeaders();
        }
        reply.complete(response);
    }

    private ErrorCode firstError() {
        for (ProduceResponse.Topic topic : response.responses()) {
            for (ProduceResponse.Partition partition : topic.partitionResponses()) {
                if (partition.errorCode() != ErrorCode.NONE) {
                    return partition.errorCode();
                }
            }
        }
        return ErrorCode.NONE;
    }

    private void addLeaders() {
        CurrentLeaders leaders = new CurrentLeaders(images.image(), context.connection());
        for (ProduceResponse.Topic topic : response.responses()) {
            for (ProduceResponse.Partition answer : topic.partitionResponses()) {
                PartitionImage partition = answer.errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER
                        ? leaders.find(topic.name(), topic.topicId(), answer.index())
                        : null;
                if (partition != null) {
                    answer.currentLeader(new ProduceResponse.LeaderIdAndEpoch()
                            .leaderId(partition.leader())
                            .leaderEpoch(partition.leaderEpoch()));
                }
            }
        }
        List<ProduceResponse.NodeEndpoint> endpoints = new ArrayList<>();
        for (CurrentLeaders.Node node : leaders.nodes()) {
            endpoints.add(new ProduceResponse.NodeEndpoint()
                    .nodeId(node.id())
                    .host(node.endpoint().host())
                    .port(node.endpoint().port())
                    .rack(node.rack()));
        }
        response.nodeEndpoints(endpoints);
    }
}
