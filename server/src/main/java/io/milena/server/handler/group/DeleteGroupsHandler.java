package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.DeleteGroupsRequest;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** DeleteGroups: groups without members go, with their offsets. */
public final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse> {
    private final GroupCoordinator coordinator;

    public DeleteGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<DeleteGroupsResponse> handle(DeleteGroupsRequest request, RequestContext context) {
        List<CompletionStage<DeleteGroupsResponse.Result>> results = new ArrayList<>();
        for (String groupId : new LinkedHashSet<>(request.groupsNames())) {
            results.add(Replies.recover(coordinator.delete(groupId), error -> error)
                    .thenApply(error ->
                            new DeleteGroupsResponse.Result().groupId(groupId).errorCode(error)));
        }
        return Replies.all(results).thenApply(replies -> new DeleteGroupsResponse().results(replies));
    }
}
