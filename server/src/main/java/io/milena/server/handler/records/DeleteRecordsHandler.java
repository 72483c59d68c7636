package io.milena.server.handler.records;

import io.milena.log.LogException;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteRecordsRequest;
import io.milena.protocol.message.DeleteRecordsResponse;
import io.milena.server.cluster.TopicImage;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionException;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.ErrorMapping;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * DeleteRecords: makes the records below an offset unreadable, also after a crash. Each partition's part runs in its strand, and the
 * answer waits until the new start is noted.
 */
public final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequest, DeleteRecordsResponse> {
    private static final long HIGH_WATERMARK = -1;
    private static final long UNKNOWN = -1;

    private final PartitionLookup partitions;
    private final Executor background;

    /** @param background may block on the disk */
    public DeleteRecordsHandler(PartitionLookup partitions, Executor background) {
        this.partitions = partitions;
        this.background = background;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<DeleteRecordsResponse> handle(DeleteRecordsRequest request, RequestContext context) {
        List<DeleteRecordsResponse.Topic> topics =
                new ArrayList<>(request.topics().size());
        List<CompletableFuture<Void>> deletions = new ArrayList<>();
        for (DeleteRecordsRequest.Topic topic : request.topics()) {
            List<DeleteRecordsResponse.Partition> answers =
                    new ArrayList<>(topic.partitions().size());
            for (DeleteRecordsRequest.Partition wanted : topic.partitions()) {
                DeleteRecordsResponse.Partition answer = new DeleteRecordsResponse.Partition()
                        .partitionIndex(wanted.partitionIndex())
                        .lowWatermark(UNKNOWN);
                answers.add(answer);
                deletions.add(delete(topic.name(), wanted, answer));
            }
            topics.add(new DeleteRecordsResponse.Topic().name(topic.name()).partitions(answers));
        }
        return CompletableFuture.allOf(deletions.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> new DeleteRecordsResponse().topics(topics));
    }

    private CompletableFuture<Void> delete(
            String topic, DeleteRecordsRequest.Partition wanted, DeleteRecordsResponse.Partition answer) {
        Partition partition = partitions.find(topic, wanted.partitionIndex());
        if (partition == null) {
            answer.errorCode(partitions.whyMissing(topic, wanted.partitionIndex()));
            return CompletableFuture.completedFuture(null);
        }
        if (TopicImage.isInternal(topic)) {
            answer.errorCode(ErrorCode.INVALID_TOPIC_EXCEPTION);
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(() -> delete(partition, wanted.offset(), answer), partition.strand())
                .thenRunAsync(() -> makeDurable(partition, answer), background);
    }

    private static void delete(Partition partition, long offset, DeleteRecordsResponse.Partition answer) {
        try {
            answer.lowWatermark(partition.deleteBefore(offset == HIGH_WATERMARK ? partition.highWatermark() : offset));
        } catch (PartitionException e) {
            answer.errorCode(e.error());
        } catch (LogException e) {
            answer.errorCode(ErrorMapping.of(e));
        }
    }

    private static void makeDurable(Partition partition, DeleteRecordsResponse.Partition answer) {
        if (answer.errorCode() == ErrorCode.NONE) {
            try {
                partition.log().persistLogStartOffset();
            } catch (LogException e) {
                answer.errorCode(ErrorMapping.of(e)).lowWatermark(UNKNOWN);
            }
        }
    }
}
