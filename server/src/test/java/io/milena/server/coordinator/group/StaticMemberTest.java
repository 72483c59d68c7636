package io.milena.server.coordinator.group;

import static io.milena.server.coordinator.group.GroupFixture.INITIAL_DELAY_MS;
import static io.milena.server.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.milena.server.coordinator.group.GroupFixture.SESSION_MS;
import static io.milena.server.coordinator.group.TestMember.GROUP;
import static io.milena.server.coordinator.group.TestMember.bytes;
import static io.milena.server.coordinator.group.TestMember.protocol;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.LeaveReply;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.SyncReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StaticMemberTest {
    private final GroupFixture fixture = new GroupFixture();
    private final TestMember a = new TestMember(fixture, "a");
    private final TestMember b = new TestMember(fixture, "b");

    @BeforeEach
    void stabilize() {
        CompletionStage<JoinReply> joinA = a.join();
        CompletionStage<JoinReply> joinB = b.join();
        fixture.advance(2 * INITIAL_DELAY_MS);
        a.joined(joinA);
        b.joined(joinB);
        a.sync(Map.of(a.memberId, bytes("left"), b.memberId, bytes("right")));
        b.sync();
        fixture.settle();
    }

    private TestMember restarted(String instanceId) {
        return new TestMember(fixture, instanceId);
    }

    private String state() {
        return fixture.reply(fixture.coordinator.describe(GROUP, 6)).groupState();
    }

    @Test
    void shouldGiveStaticMembersAnIdAtOnce() {
        assertThat(a.memberId).startsWith("a-");
        assertThat(b.memberId).startsWith("b-");
    }

    @Test
    void shouldKeepTheAssignmentOfAMemberThatComesBack() {
        TestMember again = restarted("b");
        JoinReply reply = again.joined(again.join());

        assertThat(reply.generation()).isEqualTo(1);
        assertThat(reply.memberId()).startsWith("b-").isNotEqualTo(b.memberId);
        assertThat(reply.leader()).isEqualTo(a.memberId);
        assertThat(reply.skipAssignment()).isFalse();
        assertThat(fixture.reply(again.sync()).assignment()).isEqualTo(bytes("right"));
        assertThat(state()).isEqualTo("Stable");
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFenceTheOldMember() {
        TestMember again = restarted("b");
        again.joined(again.join());

        assertThat(b.heartbeat()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(b.commit(4)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(fixture.reply(b.sync()).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(fixture.reply(b.join()).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(b.leave()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(again.commit(4)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLetAReturningLeaderSkipTheAssignment() {
        TestMember again = restarted("a");
        JoinReply reply = again.joined(again.join());

        assertThat(reply.leader()).isEqualTo(again.memberId);
        assertThat(reply.skipAssignment()).isTrue();
        assertThat(reply.members()).hasSize(2);
        assertThat(fixture.reply(again.sync()).assignment()).isEqualTo(bytes("left"));
    }

    @Test
    void shouldHideTheLeadFromAnOldClientThatReturns() {
        TestMember again = restarted("a");
        again.canSkipAssignment = false;
        JoinReply reply = again.joined(again.join());

        assertThat(reply.leader()).isEqualTo(a.memberId).isNotEqualTo(again.memberId);
        assertThat(reply.members()).isEmpty();
    }

    @Test
    void shouldStoreTheNewIdOfAMemberThatComesBack() {
        TestMember again = restarted("b");
        again.joined(again.join());
        fixture.restart();

        assertThat(again.heartbeat()).isEqualTo(ErrorCode.NONE);
        assertThat(b.heartbeat()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldKeepTheOldMemberIfTheNewOneCannotBeStored() {
        fixture.log.refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        TestMember again = restarted("b");
        CompletionStage<ErrorCode> join =
                again.join().thenApply(JoinReply::error).exceptionally(TestMember::errorOf);

        assertThat(fixture.reply(join)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(b.heartbeat()).isEqualTo(ErrorCode.NONE);
        fixture.log.refuse(null);
        assertThat(again.joined(again.join()).generation()).isEqualTo(1);
    }

    @Test
    void shouldRebalanceIfTheGroupWouldChooseAnotherProtocol() {
        TestMember again = restarted("b");
        again.protocols = List.of(protocol("sticky", "t"), protocol("range", "t"));
        a.protocols = List.of(protocol("sticky", "t"), protocol("range", "t"));
        CompletionStage<JoinReply> joinA = a.join();
        CompletionStage<JoinReply> join = again.join();

        assertThat(again.joined(join).protocolName()).isEqualTo("sticky");
        assertThat(a.joined(joinA).generation()).isEqualTo(2);
    }

    @Test
    void shouldFenceAWaitingSync() {
        b.protocols = List.of(protocol("range", "other"));
        CompletionStage<JoinReply> joinB = b.join();
        CompletionStage<JoinReply> joinA = a.join();
        b.joined(joinB);
        a.joined(joinA);
        CompletionStage<SyncReply> sync = b.sync();
        fixture.assertWaiting(sync);
        restarted("b").join();

        assertThat(fixture.reply(sync).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldNotRebalanceWhileAStaticMemberIsAwayForLessThanItsSession() {
        fixture.advance(SESSION_MS / 2);
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.NONE);
        TestMember again = restarted("b");
        again.joined(again.join());
        fixture.advance(SESSION_MS * 3 / 4);

        assertThat(again.heartbeat()).isEqualTo(ErrorCode.NONE);
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLetAnAdministratorRemoveMembersByTheirLastingNames() {
        List<LeaveReply> replies = fixture.reply(fixture.coordinator.leave(
                GROUP,
                List.of(new MemberIdentity("", "b"), new MemberIdentity("", "x"), new MemberIdentity("y", null))));

        assertThat(replies)
                .extracting(LeaveReply::error)
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(b.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldKeepAStaticMemberThatIsAliveButDoesNotRejoin() {
        a.protocols = List.of(protocol("range", "other"));
        CompletionStage<JoinReply> joinA = a.join();
        for (int i = 0; i < REBALANCE_MS / 5_000; i++) {
            fixture.assertWaiting(joinA);
            assertThat(b.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            fixture.advance(5_000);
        }

        assertThat(a.joined(joinA).members()).hasSize(2);
        assertThat(b.heartbeat()).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }
}
