package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** ListGroups: the groups that this broker coordinates. While some are being loaded none are listed, rather than not all. */
public final class ListGroupsHandler implements ApiHandler<ListGroupsRequest, ListGroupsResponse> {
    private final GroupCoordinator coordinator;

    public ListGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.LIST_GROUPS;
    }

    @Override
    public CompletionStage<ListGroupsResponse> handle(ListGroupsRequest request, RequestContext context) {
        List<CompletionStage<ListGroupsResponse>> shards = new ArrayList<>();
        for (CompletionStage<List<ListGroupsResponse.Group>> shard :
                coordinator.list(lowerCase(request.statesFilter()), lowerCase(request.typesFilter()))) {
            shards.add(Replies.recover(
                    shard.thenApply(groups -> new ListGroupsResponse().groups(groups)),
                    error -> new ListGroupsResponse().errorCode(error)));
        }
        return Replies.all(shards).thenApply(ListGroupsHandler::merge);
    }

    private static Set<String> lowerCase(List<String> filter) {
        Set<String> names = new HashSet<>();
        filter.forEach(name -> names.add(name.trim().toLowerCase(Locale.ROOT)));
        return names;
    }

    private static ListGroupsResponse merge(List<ListGroupsResponse> shards) {
        List<ListGroupsResponse.Group> groups = new ArrayList<>();
        for (ListGroupsResponse shard : shards) {
            boolean moved = shard.errorCode() == ErrorCode.NOT_COORDINATOR; // its new broker lists them
            if (!moved && shard.errorCode() != ErrorCode.NONE) {
                return shard;
            }
            groups.addAll(shard.groups());
        }
        return new ListGroupsResponse().groups(groups);
    }
}
