package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.classic.LeaveReply;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** LeaveGroup: a member goes, or an administrator removes several. */
public final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequest, LeaveGroupResponse> {
    private static final int BATCH_MIN_VERSION = 3;

    private final GroupCoordinator coordinator;

    public LeaveGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<LeaveGroupResponse> handle(LeaveGroupRequest request, RequestContext context) {
        boolean batched = context.apiVersion() >= BATCH_MIN_VERSION;
        CompletionStage<LeaveGroupResponse> response = coordinator
                .leave(request.groupId(), batched ? members(request) : List.of(only(request)))
                .thenApply(replies -> batched ? response(replies) : onlyResponse(replies));
        return Replies.recover(response, error -> new LeaveGroupResponse().errorCode(error));
    }

    private static MemberIdentity only(LeaveGroupRequest request) {
        return new MemberIdentity(request.memberId(), null);
    }

    private static List<MemberIdentity> members(LeaveGroupRequest request) {
        List<MemberIdentity> members = new ArrayList<>(request.members().size());
        for (LeaveGroupRequest.Member member : request.members()) {
            members.add(new MemberIdentity(member.memberId(), member.groupInstanceId()));
        }
        return members;
    }

    private static LeaveGroupResponse onlyResponse(List<LeaveReply> replies) {
        return new LeaveGroupResponse().errorCode(replies.get(0).error());
    }

    private static LeaveGroupResponse response(List<LeaveReply> replies) {
        List<LeaveGroupResponse.Member> members = new ArrayList<>(replies.size());
        for (LeaveReply reply : replies) {
            members.add(new LeaveGroupResponse.Member()
                    .memberId(reply.member().memberId())
                    .groupInstanceId(reply.member().groupInstanceId())
                    .errorCode(reply.error()));
        }
        return new LeaveGroupResponse().members(members);
    }
}
