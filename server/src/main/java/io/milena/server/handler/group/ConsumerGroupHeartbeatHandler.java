package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.consumer.ClientIdentity;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletionStage;

/** ConsumerGroupHeartbeat: a member of a consumer group joins, is alive, or leaves (KIP-848). */
public final class ConsumerGroupHeartbeatHandler
        implements ApiHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> {
    private final GroupCoordinator coordinator;

    public ConsumerGroupHeartbeatHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponse> handle(
            ConsumerGroupHeartbeatRequest request, RequestContext context) {
        ClientIdentity client =
                new ClientIdentity(context.clientId() == null ? "" : context.clientId(), ClientHost.of(context));
        return Replies.explain(
                coordinator.heartbeat(request, context.apiVersion(), client),
                (error, message) ->
                        new ConsumerGroupHeartbeatResponse().errorCode(error).errorMessage(message));
    }
}
