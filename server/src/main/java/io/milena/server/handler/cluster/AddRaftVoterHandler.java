package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AddRaftVoterRequest;
import io.milena.protocol.message.AddRaftVoterResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses another voter for the quorum of the metadata log (KIP-853): its voters are fixed. */
public final class AddRaftVoterHandler implements ApiHandler<AddRaftVoterRequest, AddRaftVoterResponse> {
    private static final UUID NO_DIRECTORY = new UUID(0, 0);

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
                .errorCode(error(request))
                .errorMessage("The voters of this cluster are fixed."));
    }

    private ErrorCode error(AddRaftVoterRequest request) {
        String clusterId = request.clusterId();
        if (clusterId != null && !clusterId.equals(images.image().clusterId())) {
            return ErrorCode.INCONSISTENT_CLUSTER_ID;
        }
        return request.voterDirectoryId().equals(NO_DIRECTORY)
                ? ErrorCode.INVALID_REQUEST
                : ErrorCode.UNSUPPORTED_VERSION;
    }
}
