package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.classic.SyncRequest;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** SyncGroup: a member of a classic group asks for its assignment; the leader brings everybody's. */
public final class SyncGroupHandler implements ApiHandler<SyncGroupRequest, SyncGroupResponse> {
    private static final int PROTOCOL_MIN_VERSION = 5;

    private final GroupCoordinator coordinator;

    public SyncGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.SYNC_GROUP;
    }

    @Override
    public CompletionStage<SyncGroupResponse> handle(SyncGroupRequest request, RequestContext context) {
        boolean namesProtocol = request.protocolType() != null && request.protocolName() != null;
        if (context.apiVersion() >= PROTOCOL_MIN_VERSION && !namesProtocol) {
            return CompletableFuture.completedFuture(response(SyncReply.error(ErrorCode.INCONSISTENT_GROUP_PROTOCOL)));
        }
        return Replies.recover(coordinator.sync(syncRequest(request)), SyncReply::error)
                .thenApply(SyncGroupHandler::response);
    }

    private static SyncRequest syncRequest(SyncGroupRequest request) {
        Map<String, OpaqueBytes> assignments = new HashMap<>();
        for (SyncGroupRequest.Assignment assignment : request.assignments()) {
            assignments.put(assignment.memberId(), OpaqueBytes.of(assignment.assignment()));
        }
        return new SyncRequest(
                request.groupId(),
                new MemberIdentity(request.memberId(), request.groupInstanceId()),
                request.generationId(),
                request.protocolType(),
                request.protocolName(),
                assignments);
    }

    private static SyncGroupResponse response(SyncReply reply) {
        return new SyncGroupResponse()
                .errorCode(reply.error())
                .protocolType(reply.protocolType())
                .protocolName(reply.protocolName())
                .assignment(reply.assignment().array());
    }
}
