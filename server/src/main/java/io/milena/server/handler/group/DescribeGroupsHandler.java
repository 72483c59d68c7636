package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** DescribeGroups: classic groups with their members. */
public final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse> {
    /** What may be done to a group at all, a bit for each: read, delete, describe, describe and alter configs. */
    static final int ALL_OPERATIONS = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11;

    private final GroupCoordinator coordinator;

    public DescribeGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_GROUPS;
    }

    @Override
    public CompletionStage<DescribeGroupsResponse> handle(DescribeGroupsRequest request, RequestContext context) {
        List<CompletionStage<DescribeGroupsResponse.Group>> groups =
                new ArrayList<>(request.groups().size());
        for (String groupId : request.groups()) {
            groups.add(Replies.recover(
                    coordinator.describe(groupId, context.apiVersion()),
                    error -> new DescribeGroupsResponse.Group().groupId(groupId).errorCode(error)));
        }
        return Replies.all(groups).thenApply(replies -> {
            if (request.includeAuthorizedOperations()) {
                replies.forEach(DescribeGroupsHandler::authorize);
            }
            return new DescribeGroupsResponse().groups(replies);
        });
    }

    private static void authorize(DescribeGroupsResponse.Group group) {
        if (group.errorCode() == ErrorCode.NONE) {
            group.authorizedOperations(ALL_OPERATIONS);
        }
    }
}
