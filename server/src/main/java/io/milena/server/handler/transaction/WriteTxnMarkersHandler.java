package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.WriteTxnMarkersRequest;
import io.milena.protocol.message.WriteTxnMarkersResponse;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.TransactionMarker;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.coordinator.transaction.TransactionMarkers;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** WriteTxnMarkers: ends transactions in partitions, as another broker's coordinator or an administrator says (KIP-664). */
public final class WriteTxnMarkersHandler implements ApiHandler<WriteTxnMarkersRequest, WriteTxnMarkersResponse> {
    private final TransactionMarkers markers;

    public WriteTxnMarkersHandler(TransactionMarkers markers) {
        this.markers = markers;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.WRITE_TXN_MARKERS;
    }

    @Override
    public CompletionStage<WriteTxnMarkersResponse> handle(WriteTxnMarkersRequest request, RequestContext context) {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        List<WriteTxnMarkersResponse.Marker> answers =
                new ArrayList<>(request.markers().size());
        for (WriteTxnMarkersRequest.Marker wanted : request.markers()) {
            TransactionMarker marker = new TransactionMarker(
                    new ProducerIdentity(wanted.producerId(), wanted.producerEpoch()),
                    wanted.transactionResult(),
                    wanted.coordinatorEpoch(),
                    wanted.transactionVersion());
            List<WriteTxnMarkersResponse.Topic> topics =
                    new ArrayList<>(wanted.topics().size());
            for (WriteTxnMarkersRequest.Topic topic : wanted.topics()) {
                topics.add(write(topic, marker, written));
            }
            answers.add(new WriteTxnMarkersResponse.Marker()
                    .producerId(wanted.producerId())
                    .topics(topics));
        }
        return CompletableFuture.allOf(written.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> new WriteTxnMarkersResponse().markers(answers));
    }

    private WriteTxnMarkersResponse.Topic write(
            WriteTxnMarkersRequest.Topic topic, TransactionMarker marker, List<CompletableFuture<Void>> written) {
        List<WriteTxnMarkersResponse.Partition> partitions =
                new ArrayList<>(topic.partitionIndexes().size());
        for (int index : topic.partitionIndexes()) {
            WriteTxnMarkersResponse.Partition partition = new WriteTxnMarkersResponse.Partition().partitionIndex(index);
            partitions.add(partition);
            written.add(markers.write(new TopicPartition(topic.name(), index), marker)
                    .thenAccept(partition::errorCode)
                    .toCompletableFuture());
        }
        return new WriteTxnMarkersResponse.Topic().name(topic.name()).partitions(partitions);
    }
}
