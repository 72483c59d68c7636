package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletionStage;

/** Heartbeat: a member of a classic group is alive. */
public final class HeartbeatHandler implements ApiHandler<HeartbeatRequest, HeartbeatResponse> {
    private final GroupCoordinator coordinator;

    public HeartbeatHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.HEARTBEAT;
    }

    @Override
    public CompletionStage<HeartbeatResponse> handle(HeartbeatRequest request, RequestContext context) {
        MemberIdentity member = new MemberIdentity(request.memberId(), request.groupInstanceId());
        return Replies.recover(
                        coordinator.heartbeat(request.groupId(), member, request.generationId()),
                        HeartbeatHandler::whileLoading)
                .thenApply(error -> new HeartbeatResponse().errorCode(error));
    }

    /** While groups are loaded nobody's session runs, so that all is well. */
    private static ErrorCode whileLoading(ErrorCode error) {
        return error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error;
    }
}
