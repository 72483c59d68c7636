package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.ListPartitionReassignmentsRequest;
import io.milena.protocol.message.ListPartitionReassignmentsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells which partitions are moving between brokers (KIP-455). A broker that is alone moves none. */
public final class ListPartitionReassignmentsHandler
        implements ApiHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<ListPartitionReassignmentsResponse> handle(
            ListPartitionReassignmentsRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new ListPartitionReassignmentsResponse().errorMessage(null));
    }
}
