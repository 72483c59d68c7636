package io.milena.server.coordinator.group;

import static io.milena.server.coordinator.group.GroupFixture.INITIAL_DELAY_MS;
import static io.milena.server.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.milena.server.coordinator.group.GroupFixture.SESSION_MS;
import static io.milena.server.coordinator.group.TestMember.GROUP;
import static io.milena.server.coordinator.group.TestMember.bytes;
import static io.milena.server.coordinator.group.TestMember.protocol;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.SyncReply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ClassicGroupTest {
    private final GroupFixture fixture = new GroupFixture();
    private final TestMember a = new TestMember(fixture);
    private final TestMember b = new TestMember(fixture);

    /** Brings a group of both members to its first stable generation, led by a. */
    private void stabilize() {
        CompletionStage<JoinReply> joinA = a.joinWithId();
        CompletionStage<JoinReply> joinB = b.joinWithId();
        fixture.advance(2 * INITIAL_DELAY_MS);
        a.joined(joinA);
        b.joined(joinB);
        CompletionStage<SyncReply> syncB = b.sync();
        a.sync(Map.of(a.memberId, bytes("left"), b.memberId, bytes("right")));
        assertThat(fixture.reply(syncB).assignment()).isEqualTo(bytes("right"));
    }

    private String state() {
        return fixture.reply(fixture.coordinator.describe(GROUP, 6)).groupState();
    }

    @Test
    void shouldGiveNewMemberAnIdToComeBackWith() {
        JoinReply reply = fixture.reply(a.join());

        assertThat(reply.error()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(reply.memberId()).startsWith("app-").hasSize(4 + 36);
        assertThat(reply.generation()).isEqualTo(-1);
        assertThat(state()).isEqualTo("Empty");
    }

    @Test
    void shouldTakeOldClientsInWithoutAnId() {
        a.memberIdRequired = false;
        CompletionStage<JoinReply> join = a.join();
        fixture.assertWaiting(join);
        fixture.advance(INITIAL_DELAY_MS);

        assertThat(a.joined(join).memberId()).startsWith("app-");
    }

    @Test
    void shouldForgetAnIdThatDoesNotComeBack() {
        a.memberId = fixture.reply(a.join()).memberId();
        fixture.advance(SESSION_MS);

        assertThat(fixture.reply(a.join()).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldWaitForFurtherMembersOfANewGroup() {
        CompletionStage<JoinReply> joinA = a.joinWithId();
        fixture.advance(INITIAL_DELAY_MS - 100);
        CompletionStage<JoinReply> joinB = b.joinWithId();
        fixture.advance(INITIAL_DELAY_MS);
        fixture.assertWaiting(joinA);
        fixture.advance(100);

        JoinReply leader = a.joined(joinA);
        JoinReply follower = b.joined(joinB);
        assertThat(leader.leader()).isEqualTo(a.memberId);
        assertThat(leader.members())
                .extracting(JoinReply.JoinedMember::memberId)
                .containsExactly(a.memberId, b.memberId);
        assertThat(follower.members()).isEmpty();
        assertThat(follower.protocolName()).isEqualTo("range");
        assertThat(follower.generation()).isEqualTo(1);
    }

    @Test
    void shouldNotWaitForEverForFurtherMembers() {
        a.rebalanceTimeoutMs = 2 * INITIAL_DELAY_MS;
        CompletionStage<JoinReply> joinA = a.joinWithId();
        fixture.advance(INITIAL_DELAY_MS - 500);
        b.rebalanceTimeoutMs = 2 * INITIAL_DELAY_MS;
        b.joinWithId();
        fixture.advance(INITIAL_DELAY_MS);
        TestMember c = new TestMember(fixture);
        c.rebalanceTimeoutMs = 2 * INITIAL_DELAY_MS;
        c.joinWithId();
        fixture.advance(500);

        assertThat(a.joined(joinA).members()).hasSize(3);
    }

    @Test
    void shouldHandOutTheLeadersAssignment() {
        stabilize();

        assertThat(state()).isEqualTo("Stable");
        assertThat(fixture.reply(a.sync()).assignment()).isEqualTo(bytes("left"));
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.NONE);
        assertThat(a.commit(5)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldGiveForgottenMembersAnEmptyAssignment() {
        CompletionStage<JoinReply> join = a.joinWithId();
        fixture.advance(INITIAL_DELAY_MS);
        a.joined(join);

        SyncReply reply = fixture.reply(a.sync());
        assertThat(reply.error()).isEqualTo(ErrorCode.NONE);
        assertThat(reply.assignment().array()).isEmpty();
        assertThat(reply.protocolType()).isEqualTo("consumer");
        assertThat(reply.protocolName()).isEqualTo("range");
    }

    @Test
    void shouldRebalanceWhenAMemberJoins() {
        stabilize();
        TestMember c = new TestMember(fixture);
        CompletionStage<JoinReply> joinC = c.joinWithId();

        assertThat(a.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(fixture.reply(b.sync()).error()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(b.commit(3)).isEqualTo(ErrorCode.NONE);
        CompletionStage<JoinReply> joinA = a.join();
        CompletionStage<JoinReply> joinB = b.join();
        assertThat(a.joined(joinA).generation()).isEqualTo(2);
        assertThat(b.joined(joinB).leader()).isEqualTo(a.memberId);
        assertThat(c.joined(joinC).generation()).isEqualTo(2);
        assertThat(a.commit(3)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldElectAnotherLeaderWhenTheLeaderIsLate() {
        stabilize();
        b.protocols = List.of(protocol("range", "other"));
        CompletionStage<JoinReply> joinB = b.join();
        for (int i = 0; i < REBALANCE_MS / 5_000; i++) {
            fixture.assertWaiting(joinB);
            assertThat(a.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            fixture.advance(5_000);
        }

        assertThat(b.joined(joinB).leader()).isEqualTo(b.memberId);
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldEndSessionsWithoutHeartbeats() {
        stabilize();
        fixture.advance(SESSION_MS / 2);
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.NONE);
        fixture.advance(SESSION_MS / 2 + 100);

        assertThat(a.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(b.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(b.commit(1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(a.joined(a.join()).members()).hasSize(1);
    }

    @Test
    void shouldRemoveMembersThatDoNotSync() {
        CompletionStage<JoinReply> joinA = a.joinWithId();
        CompletionStage<JoinReply> joinB = b.joinWithId();
        fixture.advance(2 * INITIAL_DELAY_MS);
        a.joined(joinA);
        b.joined(joinB);
        CompletionStage<SyncReply> syncA = a.sync(Map.of());
        assertThat(fixture.reply(syncA).error()).isEqualTo(ErrorCode.NONE);
        for (int i = 0; i < REBALANCE_MS / 5_000; i++) {
            fixture.advance(5_000);
            assertThat(b.heartbeat()).isIn(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID);
            a.heartbeat();
        }

        assertThat(b.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldAnswerWaitingSyncsWhenARebalanceBegins() {
        CompletionStage<JoinReply> joinA = a.joinWithId();
        CompletionStage<JoinReply> joinB = b.joinWithId();
        fixture.advance(2 * INITIAL_DELAY_MS);
        a.joined(joinA);
        b.joined(joinB);
        CompletionStage<SyncReply> syncB = b.sync();
        fixture.assertWaiting(syncB);
        a.leave();

        assertThat(fixture.reply(syncB).error()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldLetMembersLeaveAndEmptyTheGroup() {
        stabilize();
        assertThat(a.leave()).isEqualTo(ErrorCode.NONE);
        assertThat(b.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(b.leave()).isEqualTo(ErrorCode.NONE);

        assertThat(state()).isEqualTo("Empty");
        assertThat(b.leave()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(b.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRepeatTheAnswerToARepeatedJoin() {
        stabilize();
        JoinReply again = b.joined(b.join());

        assertThat(again.generation()).isEqualTo(1);
        assertThat(state()).isEqualTo("Stable");
        a.join();
        assertThat(state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldChooseTheProtocolMostMembersPrefer() {
        a.protocols = List.of(protocol("x", "t"), protocol("y", "t"), protocol("z", "t"));
        b.protocols = List.of(protocol("y", "t"), protocol("x", "t"));
        TestMember c = new TestMember(fixture);
        c.protocols = List.of(protocol("y", "t"), protocol("x", "t"));
        CompletionStage<JoinReply> joinA = a.joinWithId();
        b.joinWithId();
        c.joinWithId();
        fixture.advance(2 * INITIAL_DELAY_MS);

        assertThat(a.joined(joinA).protocolName()).isEqualTo("y");
    }

    @Test
    void shouldRefuseMembersWithoutACommonProtocol() {
        stabilize();
        TestMember other = new TestMember(fixture);
        other.protocols = List.of(protocol("sticky", "t"));
        assertThat(fixture.reply(other.join()).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        other.protocols = List.of(protocol("range", "t"));
        other.protocolType = "connect";
        assertThat(fixture.reply(other.join()).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        other.protocols = List.of();
        assertThat(fixture.reply(other.join()).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldRefuseWrongGenerationsAndProtocols() {
        stabilize();
        a.generation = 7;
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(a.commit(1)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(fixture.reply(a.sync()).error()).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        b.protocolType = "connect";
        assertThat(fixture.reply(b.sync()).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldLimitTheSizeOfAGroup() {
        GroupFixture small = new GroupFixture(1);
        TestMember first = new TestMember(small);
        TestMember second = new TestMember(small);
        first.joinWithId();

        assertThat(small.reply(second.join()).error()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldRetractTheAssignmentThatCannotBeStored() {
        CompletionStage<JoinReply> join = a.joinWithId();
        fixture.advance(INITIAL_DELAY_MS);
        a.joined(join);
        fixture.log.refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        CompletionStage<SyncReply> sync = a.sync(Map.of(a.memberId, bytes("all")));

        assertThat(fixture.reply(sync).error()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(state()).isEqualTo("PreparingRebalance");
        fixture.log.refuse(null);
        assertThat(a.joined(a.join()).generation()).isEqualTo(2);
    }

    @Test
    void shouldKeepGroupsOverRestarts() {
        stabilize();
        fixture.restart();

        assertThat(state()).isEqualTo("Stable");
        assertThat(a.heartbeat()).isEqualTo(ErrorCode.NONE);
        assertThat(b.commit(9)).isEqualTo(ErrorCode.NONE);
        fixture.advance(SESSION_MS);
        assertThat(state()).isEqualTo("Empty");
    }

    @Test
    void shouldTellWaitingMembersThatTheGroupMoved() {
        CompletionStage<JoinReply> join = a.joinWithId();
        fixture.assertWaiting(join);
        fixture.host.resign(0);
        fixture.settle();

        assertThat(join.toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withRootCauseInstanceOf(CoordinatorException.class);
    }
}
