package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.consumer.ClientIdentity;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** ConsumerGroupHeartbeat: a member of a consumer group joins, is alive, or leaves (KIP-848). */
public final class ConsumerGroupHeartbeatHandler
        implements ApiHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> {
    private final GroupCoordinator coordinator;
    private final BooleanSupplier offered;

    /** @param offered whether members may use the consumer protocol; asked with each request */
    public ConsumerGroupHeartbeatHandler(GroupCoordinator coordinator, BooleanSupplier offered) {
        this.coordinator = coordinator;
        this.offered = offered;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponse> handle(
            ConsumerGroupHeartbeatRequest request, RequestContext context) {
        if (!offered.getAsBoolean()) {
            return CompletableFuture.completedStage(new ConsumerGroupHeartbeatResponse()
                    .errorCode(ErrorCode.UNSUPPORTED_VERSION)
                    .errorMessage(null));
        }
        ClientIdentity client =
                new ClientIdentity(context.clientId() == null ? "" : context.clientId(), ClientHost.of(context));
        return Replies.explain(
                coordinator.heartbeat(request, context.apiVersion(), client),
                (error, message) ->
                        new ConsumerGroupHeartbeatResponse().errorCode(error).errorMessage(message));
    }
}
