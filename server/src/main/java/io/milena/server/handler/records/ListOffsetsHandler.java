package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * ListOffsets. The ends of a log are known; a search by time reads the disk, so a request with one is answered on a background thread.
 */
public final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequest, ListOffsetsResponse> {
    private final PartitionLookup partitions;
    private final Executor background;

    /** @param background may block on disk */
    public ListOffsetsHandler(PartitionLookup partitions, Executor background) {
        this.partitions = partitions;
        this.background = background;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<ListOffsetsResponse> handle(ListOffsetsRequest request, RequestContext context) {
        OffsetSearch search =
                new OffsetSearch(partitions, request.replicaId(), request.isolationLevel(), context.apiVersion());
        return readsDisk(request)
                ? CompletableFuture.supplyAsync(() -> answer(request, search), background)
                : CompletableFuture.completedFuture(answer(request, search));
    }

    private static boolean readsDisk(ListOffsetsRequest request) {
        for (ListOffsetsRequest.Topic topic : request.topics()) {
            for (ListOffsetsRequest.Partition partition : topic.partitions()) {
                if (OffsetSearch.readsDisk(partition.timestamp())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static ListOffsetsResponse answer(ListOffsetsRequest request, OffsetSearch search) {
        List<ListOffsetsResponse.Topic> topics =
                new ArrayList<>(request.topics().size());
        for (ListOffsetsRequest.Topic topic : request.topics()) {
            List<ListOffsetsResponse.Partition> answers =
                    new ArrayList<>(topic.partitions().size());
            Set<Integer> repeated = repeated(topic);
            for (ListOffsetsRequest.Partition wanted : topic.partitions()) {
                if (!repeated.contains(wanted.partitionIndex())) {
                    answers.add(search.find(topic.name(), wanted));
                }
            }
            repeated.forEach(index -> answers.add(OffsetSearch.failed(index, ErrorCode.INVALID_REQUEST)));
            topics.add(new ListOffsetsResponse.Topic().name(topic.name()).partitions(answers));
        }
        return new ListOffsetsResponse().topics(topics);
    }

    private static Set<Integer> repeated(ListOffsetsRequest.Topic topic) {
        if (topic.partitions().size() < 2) {
            return Set.of();
        }
        Set<Integer> seen = new HashSet<>();
        Set<Integer> repeated = new HashSet<>();
        for (ListOffsetsRequest.Partition partition : topic.partitions()) {
            if (!seen.add(partition.partitionIndex())) {
                repeated.add(partition.partitionIndex());
            }
        }
        return repeated;
    }
}
