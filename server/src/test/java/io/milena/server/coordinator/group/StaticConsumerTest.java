package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StaticConsumerTest {
    private final GroupFixture fixture = new GroupFixture();
    private final TestConsumer first = new TestConsumer(fixture, "a1", "one");
    private final TestConsumer second = new TestConsumer(fixture, "a2", "one");
    private final TestConsumer other = new TestConsumer(fixture, "b", "two");

    @BeforeEach
    void makeTopic() {
        fixture.change(() -> fixture.topics.put("t", 4));
    }

    /** Both members joined, and each has half. */
    private void settle() {
        first.join();
        fixture.advance(GroupFixture.ASSIGNMENT_INTERVAL_MS);
        other.join();
        first.beat();
        first.beat();
        other.beat();
        assertThat(other.holds()).hasSize(2);
    }

    @Test
    void shouldNotGiveAwayTheNameOfALiveMember() {
        first.join();

        assertThat(second.join()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
        assertThat(first.beat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldKeepThePartitionsOfAMemberThatLeftForAWhile() {
        settle();
        Set<String> held = first.holds();
        int epoch = other.epoch;

        assertThat(first.leaveForAWhile()).isEqualTo(ErrorCode.NONE);
        fixture.advance(GroupFixture.ASSIGNMENT_INTERVAL_MS);
        other.beat();
        assertThat(other.holds()).hasSize(2);
        assertThat(second.join()).isEqualTo(ErrorCode.NONE);

        assertThat(second.holds()).isEqualTo(held);
        assertThat(second.epoch).as("no rebalance").isEqualTo(epoch);
        assertThat(first.beat()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldShareOutWhatIsNotComeBackForInTime() {
        settle();
        first.leaveForAWhile();
        for (int i = 0; i < 9; i++) {
            other.beat();
            fixture.advance(GroupFixture.HEARTBEAT_MS);
        }
        other.beat();

        assertThat(other.holds()).hasSize(4);
        assertThat(second.join()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldForgetAStaticMemberThatLeavesForGood() {
        settle();
        assertThat(first.leave()).isEqualTo(ErrorCode.NONE);
        fixture.advance(GroupFixture.ASSIGNMENT_INTERVAL_MS);
        other.beat();
        assertThat(other.holds()).hasSize(4);
    }

    @Test
    void shouldNotKnowStrangers() {
        first.join();
        other.epoch = 2;
        assertThat(other.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(other.leave()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        second.epoch = 2;
        assertThat(second.leaveForAWhile()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldRememberAReplacementAfterAReload() {
        settle();
        first.leaveForAWhile();
        second.join();
        Set<String> held = second.holds();

        fixture.restart();

        assertThat(second.beatFully()).isEqualTo(ErrorCode.NONE);
        assertThat(second.holds()).isEqualTo(held);
        assertThat(first.beat()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }
}
