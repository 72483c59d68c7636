package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeRequest;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** ConsumerGroupDescribe: consumer groups with their members. Clients ask for classic groups here first, too, and then elsewhere. */
public final class ConsumerGroupDescribeHandler
        implements ApiHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> {
    private final GroupCoordinator coordinator;
    private final BooleanSupplier offered;

    /** @param offered whether members may use the consumer protocol; asked with each request */
    public ConsumerGroupDescribeHandler(GroupCoordinator coordinator, BooleanSupplier offered) {
        this.coordinator = coordinator;
        this.offered = offered;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public CompletionStage<ConsumerGroupDescribeResponse> handle(
            ConsumerGroupDescribeRequest request, RequestContext context) {
        if (!offered.getAsBoolean()) {
            return CompletableFuture.completedStage(new ConsumerGroupDescribeResponse()
                    .groups(request.groupIds().stream()
                            .map(groupId -> new ConsumerGroupDescribeResponse.Group()
                                    .groupId(groupId)
                                    .errorCode(ErrorCode.UNSUPPORTED_VERSION))
                            .toList()));
        }
        List<CompletionStage<ConsumerGroupDescribeResponse.Group>> groups =
                new ArrayList<>(request.groupIds().size());
        for (String groupId : request.groupIds()) {
            groups.add(Replies.recover(
                    coordinator.describeConsumers(groupId),
                    error -> new ConsumerGroupDescribeResponse.Group()
                            .groupId(groupId)
                            .errorCode(error)));
        }
        return Replies.all(groups).thenApply(replies -> {
            if (request.includeAuthorizedOperations()) {
                replies.stream()
                        .filter(group -> group.errorCode() == ErrorCode.NONE)
                        .forEach(group -> group.authorizedOperations(DescribeGroupsHandler.ALL_OPERATIONS));
            }
            return new ConsumerGroupDescribeResponse().groups(replies);
        });
    }
}
