package io.milena.server.handler.records;

import io.milena.log.producer.ActiveProducer;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeProducersRequest;
import io.milena.protocol.message.DescribeProducersResponse;
import io.milena.server.cluster.TopicName;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells which producers write to partitions with a producer id, and their open transactions (KIP-664). Asked in each strand. */
public final class DescribeProducersHandler implements ApiHandler<DescribeProducersRequest, DescribeProducersResponse> {
    private static final int ANY_EPOCH = -1;

    private final PartitionLookup partitions;

    public DescribeProducersHandler(PartitionLookup partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_PRODUCERS;
    }

    @Override
    public CompletionStage<DescribeProducersResponse> handle(DescribeProducersRequest request, RequestContext context) {
        List<DescribeProducersResponse.Topic> topics =
                new ArrayList<>(request.topics().size());
        List<CompletableFuture<Void>> described = new ArrayList<>();
        for (DescribeProducersRequest.Topic topic : request.topics()) {
            List<DescribeProducersResponse.Partition> answers =
                    new ArrayList<>(topic.partitionIndexes().size());
            for (int index : topic.partitionIndexes()) {
                DescribeProducersResponse.Partition answer =
                        new DescribeProducersResponse.Partition().partitionIndex(index);
                answers.add(answer);
                described.add(describe(topic.name(), index, answer));
            }
            topics.add(new DescribeProducersResponse.Topic().name(topic.name()).partitions(answers));
        }
        return CompletableFuture.allOf(described.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> new DescribeProducersResponse().topics(topics));
    }

    private CompletableFuture<Void> describe(String topic, int index, DescribeProducersResponse.Partition answer) {
        String problem = TopicName.problem(topic);
        if (problem != null) {
            answer.errorCode(ErrorCode.INVALID_TOPIC_EXCEPTION).errorMessage(problem);
            return CompletableFuture.completedFuture(null);
        }
        Partition partition = partitions.find(topic, index);
        if (partition == null) {
            answer.errorCode(partitions.whyMissing(topic, index));
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(() -> describe(partition, answer), partition.strand());
    }

    private static void describe(Partition partition, DescribeProducersResponse.Partition answer) {
        ErrorCode error = partition.checkLeader(ANY_EPOCH);
        answer.errorCode(error);
        if (error == ErrorCode.NONE) {
            answer.activeProducers(partition.log().producers().active().stream()
                    .map(DescribeProducersHandler::producer)
                    .toList());
        }
    }

    private static DescribeProducersResponse.ActiveProducer producer(ActiveProducer producer) {
        return new DescribeProducersResponse.ActiveProducer()
                .producerId(producer.producerId())
                .producerEpoch(producer.producerEpoch())
                .lastSequence(producer.lastSequence())
                .lastTimestamp(producer.lastTimestamp())
                .coordinatorEpoch(producer.coordinatorEpoch())
                .currentTxnStartOffset(producer.currentTxnStartOffset());
    }
}
