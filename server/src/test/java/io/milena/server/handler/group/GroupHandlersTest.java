package io.milena.server.handler.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteGroupsRequest;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.GroupFixture;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupHandlersTest {
    private static final int DESCRIBE_VERSION = 6;

    private final GroupFixture fixture = new GroupFixture();
    private final GroupRequests requests = new GroupRequests(fixture);
    private final GroupCoordinator coordinator = fixture.coordinator();
    private final JoinGroupHandler join = new JoinGroupHandler(coordinator);
    private final SyncGroupHandler sync = new SyncGroupHandler(coordinator);
    private final HeartbeatHandler heartbeat = new HeartbeatHandler(coordinator);
    private final LeaveGroupHandler leave = new LeaveGroupHandler(coordinator);
    private final DescribeGroupsHandler describe = new DescribeGroupsHandler(coordinator);
    private final ListGroupsHandler list = new ListGroupsHandler(coordinator);
    private final DeleteGroupsHandler delete = new DeleteGroupsHandler(coordinator);

    private static JoinGroupRequest joinRequest(String memberId) {
        return new JoinGroupRequest()
                .groupId("g")
                .memberId(memberId)
                .sessionTimeoutMs(GroupFixture.SESSION_MS)
                .protocolType("any")
                .protocols(List.of(new JoinGroupRequest.Protocol().name("p").metadata(new byte[] {1, 2})));
    }

    private JoinGroupResponse joined(int version) {
        CompletionStage<JoinGroupResponse> joining = requests.begin(join, joinRequest(""), version);
        if (version >= 4) {
            JoinGroupResponse first = requests.receive(join, joining, version);
            assertThat(first.errorCode()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
            joining = requests.begin(join, joinRequest(first.memberId()), version);
        }
        fixture.advance(GroupFixture.INITIAL_DELAY_MS);
        return requests.receive(join, joining, version);
    }

    private SyncGroupResponse synced(JoinGroupResponse joined, int version) {
        SyncGroupRequest request = new SyncGroupRequest()
                .groupId("g")
                .memberId(joined.memberId())
                .generationId(joined.generationId())
                .assignments(List.of(new SyncGroupRequest.Assignment()
                        .memberId(joined.memberId())
                        .assignment(new byte[] {3})));
        if (version >= 5) {
            request.protocolType("any").protocolName("p");
        }
        return requests.send(sync, request, version);
    }

    private DescribeGroupsResponse.Group described(int version) {
        return requests.send(describe, new DescribeGroupsRequest().groups(List.of("g")), version)
                .groups()
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void shouldLetMembersJoinInEveryVersion(int version) {
        JoinGroupResponse response = joined(version);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.generationId()).isEqualTo(1);
        assertThat(response.protocolName()).isEqualTo("p");
        assertThat(response.protocolType()).isEqualTo(version >= 7 ? "any" : null);
        assertThat(response.leader()).isEqualTo(response.memberId());
        assertThat(response.members().get(0).metadata()).containsExactly(1, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldLetMembersSyncInEveryVersion(int version) {
        SyncGroupResponse response = synced(joined(9), version);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.assignment()).containsExactly(3);
        assertThat(response.protocolName()).isEqualTo(version >= 5 ? "p" : null);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void shouldHearHeartbeatsInEveryVersion(int version) {
        JoinGroupResponse joined = joined(9);
        HeartbeatRequest request =
                new HeartbeatRequest().groupId("g").memberId(joined.memberId()).generationId(1);

        assertThat(requests.send(heartbeat, request, version).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(requests.send(heartbeat, request.generationId(2), version).errorCode())
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldLetMembersLeaveInEveryVersion(int version) {
        String memberId = joined(9).memberId();
        LeaveGroupRequest request = new LeaveGroupRequest().groupId("g");
        if (version < 3) {
            request.memberId(memberId);
        } else {
            request.members(List.of(
                    new LeaveGroupRequest.Member().memberId(memberId), new LeaveGroupRequest.Member().memberId("x")));
        }
        LeaveGroupResponse response = requests.send(leave, request, version);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.members())
                .extracting(LeaveGroupResponse.Member::errorCode)
                .containsExactlyElementsOf(
                        version < 3 ? List.of() : List.of(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID));
        assertThat(described(DESCRIBE_VERSION).groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldTellAnOldClientThatItCannotLeave() {
        LeaveGroupRequest request = new LeaveGroupRequest().groupId("g").memberId("x");

        assertThat(requests.send(leave, request, 2).errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void shouldDescribeGroupsInEveryVersion(int version) {
        DescribeGroupsResponse.Group missing = described(version);
        assertThat(missing.groupState()).isEqualTo("Dead");
        assertThat(missing.errorCode()).isEqualTo(version < 6 ? ErrorCode.NONE : ErrorCode.GROUP_ID_NOT_FOUND);
        synced(joined(9), 5);

        DescribeGroupsResponse.Group group = described(version);
        assertThat(group.groupState()).isEqualTo("Stable");
        assertThat(group.protocolType()).isEqualTo("any");
        assertThat(group.protocolData()).isEqualTo("p");
        assertThat(group.authorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        DescribeGroupsResponse.Member member = group.members().get(0);
        assertThat(member.clientId()).isEqualTo("test-client");
        assertThat(member.clientHost()).isEqualTo("/127.0.0.1");
        assertThat(member.memberMetadata()).containsExactly(1, 2);
        assertThat(member.memberAssignment()).containsExactly(3);
    }

    @Test
    void shouldTellWhatMayBeDoneToAGroupWhenAsked() {
        joined(9);
        DescribeGroupsRequest request =
                new DescribeGroupsRequest().groups(List.of("g")).includeAuthorizedOperations(true);

        assertThat(requests.send(describe, request, 6).groups().get(0).authorizedOperations())
                .isEqualTo(0b1101_0100_1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldListGroupsInEveryVersion(int version) {
        joined(9);
        ListGroupsResponse.Group listed =
                requests.send(list, new ListGroupsRequest(), version).groups().get(0);

        assertThat(listed.groupId()).isEqualTo("g");
        assertThat(listed.protocolType()).isEqualTo("any");
        assertThat(listed.groupState()).isEqualTo(version < 4 ? "" : "CompletingRebalance");
        assertThat(listed.groupType()).isEqualTo(version < 5 ? "" : "classic");
    }

    @Test
    void shouldFilterListedGroups() {
        joined(9);

        assertThat(listed(List.of("completingREBALANCE "), List.of())).hasSize(1);
        assertThat(listed(List.of("Stable", "Empty"), List.of())).isEmpty();
        assertThat(listed(List.of(), List.of("Classic"))).hasSize(1);
        assertThat(listed(List.of(), List.of("consumer", "share"))).isEmpty();
    }

    private List<ListGroupsResponse.Group> listed(List<String> states, List<String> types) {
        return requests.send(list, new ListGroupsRequest().statesFilter(states).typesFilter(types), 5)
                .groups();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldDeleteGroupsInEveryVersion(int version) {
        joined(9);
        DeleteGroupsResponse response =
                requests.send(delete, new DeleteGroupsRequest().groupsNames(List.of("g", "x", "g")), version);

        assertThat(response.results())
                .extracting(DeleteGroupsResponse.Result::errorCode)
                .containsExactly(ErrorCode.NON_EMPTY_GROUP, ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertThat(requests.send(join, joinRequest("").groupId(""), 9).errorCode())
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(requests.send(join, joinRequest("").sessionTimeoutMs(1), 0).errorCode())
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
        assertThat(requests.send(sync, new SyncGroupRequest().groupId("g"), 5).errorCode())
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(requests.send(heartbeat, new HeartbeatRequest(), 4).errorCode())
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }
}
