package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.AddRaftVoterRequest;
import io.milena.protocol.message.AddRaftVoterResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses another voter for the quorum of the metadata log (KIP-853): its voters are fixed. */
public final class AddRaftVoterHandler implements ApiHandler<AddRaftVoterRequest, AddRaftVoterResponse> {
    private final ImageSource images;

    public AddRaftVoterHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ADD_RAFT_VOTER;
    }

    @Override
    public CompletionStage<AddRaftVoterResponse> handle(AddRaftVoterRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new AddRaftVoterResponse()
                .errorCode(FixedVoters.error(images, request.clusterId(), request.voterDirectoryId()))
                .errorMessage(FixedVoters.MESSAGE));
    }
}
