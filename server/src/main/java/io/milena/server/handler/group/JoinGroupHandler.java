package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.JoinReply.JoinedMember;
import io.milena.server.coordinator.group.classic.JoinRequest;
import io.milena.server.coordinator.group.classic.MemberProtocol;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** JoinGroup: a member of a classic group wants to take part in the next generation. */
public final class JoinGroupHandler implements ApiHandler<JoinGroupRequest, JoinGroupResponse> {
    private static final int REBALANCE_TIMEOUT_MIN_VERSION = 1;
    private static final int MEMBER_ID_REQUIRED_MIN_VERSION = 4;
    private static final int NULL_PROTOCOL_MIN_VERSION = 7;
    private static final int SKIP_ASSIGNMENT_MIN_VERSION = 9;

    private final GroupCoordinator coordinator;

    public JoinGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.JOIN_GROUP;
    }

    @Override
    public CompletionStage<JoinGroupResponse> handle(JoinGroupRequest request, RequestContext context) {
        int version = context.apiVersion();
        return Replies.recover(coordinator.join(joinRequest(request, context)), error -> JoinReply.error(error, ""))
                .thenApply(reply -> response(reply, version));
    }

    private static JoinRequest joinRequest(JoinGroupRequest request, RequestContext context) {
        int version = context.apiVersion();
        context.expectWait(Math.max(request.sessionTimeoutMs(), request.rebalanceTimeoutMs()));
        List<MemberProtocol> protocols = new ArrayList<>(request.protocols().size());
        for (JoinGroupRequest.Protocol protocol : request.protocols()) {
            protocols.add(new MemberProtocol(protocol.name(), OpaqueBytes.of(protocol.metadata())));
        }
        return new JoinRequest(
                request.groupId(),
                request.memberId(),
                request.groupInstanceId(),
                context.clientId() == null ? "" : context.clientId(),
                ClientHost.of(context),
                version < REBALANCE_TIMEOUT_MIN_VERSION ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                request.protocolType(),
                protocols,
                version >= MEMBER_ID_REQUIRED_MIN_VERSION,
                version >= SKIP_ASSIGNMENT_MIN_VERSION,
                request.reason() == null ? "not said why" : request.reason());
    }

    private static JoinGroupResponse response(JoinReply reply, int version) {
        String noProtocol = version < NULL_PROTOCOL_MIN_VERSION ? "" : null;
        List<JoinGroupResponse.Member> members = new ArrayList<>(reply.members().size());
        for (JoinedMember member : reply.members()) {
            members.add(new JoinGroupResponse.Member()
                    .memberId(member.memberId())
                    .groupInstanceId(member.groupInstanceId())
                    .metadata(member.protocol().metadata().array()));
        }
        return new JoinGroupResponse()
                .errorCode(reply.error())
                .generationId(reply.generation())
                .protocolType(reply.protocolType())
                .protocolName(reply.protocolName() == null ? noProtocol : reply.protocolName())
                .leader(reply.leader())
                .skipAssignment(reply.skipAssignment())
                .memberId(reply.memberId())
                .members(members);
    }
}
