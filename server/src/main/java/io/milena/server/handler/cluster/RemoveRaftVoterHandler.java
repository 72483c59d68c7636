package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.RemoveRaftVoterRequest;
import io.milena.protocol.message.RemoveRaftVoterResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to take a voter out of the quorum of the metadata log (KIP-853): its voters are fixed. */
public final class RemoveRaftVoterHandler implements ApiHandler<RemoveRaftVoterRequest, RemoveRaftVoterResponse> {
    private final ImageSource images;

    public RemoveRaftVoterHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.REMOVE_RAFT_VOTER;
    }

    @Override
    public CompletionStage<RemoveRaftVoterResponse> handle(RemoveRaftVoterRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new RemoveRaftVoterResponse()
                .errorCode(FixedVoters.error(images, request.clusterId(), request.voterDirectoryId()))
                .errorMessage(FixedVoters.MESSAGE));
    }
}
