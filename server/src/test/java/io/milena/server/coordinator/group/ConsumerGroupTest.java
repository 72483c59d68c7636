package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumerGroupTest {
    private final GroupFixture fixture = new GroupFixture();
    private final TestConsumer a = new TestConsumer(fixture, "a");
    private final TestConsumer b = new TestConsumer(fixture, "b");

    @BeforeEach
    void makeTopic() {
        fixture.change(() -> fixture.topics.put("t", 4));
    }

    private ConsumerGroupDescribeResponse.Group group() {
        return fixture.reply(fixture.coordinator.describeConsumers(TestConsumer.GROUP));
    }

    /** Lets time pass so that targets may be computed again. */
    private void passInterval() {
        fixture.advance(GroupFixture.ASSIGNMENT_INTERVAL_MS);
    }

    @Test
    void shouldGiveTheFirstMemberEverythingAtOnce() {
        assertThat(a.join()).isEqualTo(ErrorCode.NONE);

        assertThat(a.epoch).isEqualTo(2);
        assertThat(a.holds()).containsExactly("t-0", "t-1", "t-2", "t-3");
        assertThat(group().groupState()).isEqualTo("Stable");
        assertThat(group().assignorName()).isEqualTo("uniform");
    }

    @Test
    void shouldMovePartitionsOnlyAfterTheyWereGivenUp() {
        a.join();
        passInterval();
        b.join();
        assertThat(b.epoch).isEqualTo(3);
        assertThat(b.holds()).as("still with the first member").isEmpty();
        assertThat(group().groupState()).isEqualTo("Reconciling");

        Set<String> before = a.holds();
        a.beat();
        assertThat(a.epoch).as("not before it has revoked").isEqualTo(2);
        assertThat(a.holds()).hasSize(2);
        b.beat();
        assertThat(b.holds()).as("not acknowledged yet").isEmpty();

        a.beat();
        assertThat(a.epoch).isEqualTo(3);
        b.beat();
        assertThat(b.holds()).hasSize(2).doesNotContainAnyElementsOf(a.holds());
        assertThat(before).containsAll(a.holds()).containsAll(b.holds());
        assertThat(group().groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldNotTakeSilenceForRevocation() {
        a.join();
        passInterval();
        b.join();
        a.beat();

        a.beatSilently();

        assertThat(a.epoch).isEqualTo(2);
        b.beat();
        assertThat(b.holds()).isEmpty();
    }

    @Test
    void shouldWaitWithTheNextAssignment() {
        a.join();
        b.join();
        assertThat(b.epoch).as("of the last assignment").isEqualTo(2);
        assertThat(group().groupState()).isEqualTo("Assigning");

        a.beat();
        assertThat(a.holds()).hasSize(4);
        passInterval();
        a.beat();

        assertThat(a.holds()).hasSize(2);
    }

    @Test
    void shouldFenceOtherEpochs() {
        a.join();
        a.epoch = 7;
        assertThat(a.beat()).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        a.epoch = 1;
        assertThat(a.beat()).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(b.beat()).as("epoch 0 without joining").isEqualTo(ErrorCode.INVALID_REQUEST);
        b.epoch = 2;
        assertThat(b.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldAcceptThePreviousEpochOfAMemberThatMissedAnAnswer() {
        a.join();
        passInterval();
        b.join();
        a.beat();
        a.exchange(a.request().topicPartitions(TestConsumer.wire(a.owned)));

        assertThat(a.epoch).isEqualTo(2);
        assertThat(a.beat()).isEqualTo(ErrorCode.NONE);
        assertThat(a.epoch).isEqualTo(3);
    }

    @Test
    void shouldTellAllAgainToAMemberThatSaysAll() {
        a.join();
        a.owned.clear();
        assertThat(a.beatSilently()).isEqualTo(ErrorCode.NONE);
        assertThat(a.holds()).isEmpty();

        a.beatFully();

        assertThat(a.holds()).hasSize(4);
    }

    @Test
    void shouldShareOutWhatALeaverHad() {
        a.join();
        passInterval();
        b.join();
        a.beat();
        a.beat();
        b.beat();

        assertThat(a.leave()).isEqualTo(ErrorCode.NONE);
        passInterval();
        b.beat();

        assertThat(b.holds()).hasSize(4);
        assertThat(a.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        b.leave();
        assertThat(group().groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldThrowOutASilentMember() {
        a.join();
        fixture.advance(GroupFixture.CONSUMER_SESSION_MS - 1_000);
        b.join();
        fixture.advance(1_000);
        b.beat();

        assertThat(b.holds()).hasSize(4);
        assertThat(a.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldThrowOutAMemberThatDoesNotRevokeInTime() {
        a.rebalanceTimeoutMs = 10_000;
        a.join();
        passInterval();
        b.join();
        Set<String> all = a.holds();
        a.beat();
        fixture.advance(9_900);
        assertThat(a.beatSilently()).isEqualTo(ErrorCode.NONE);
        fixture.advance(100);

        assertThat(a.beatSilently()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        passInterval();
        b.beat();
        assertThat(b.holds()).isEqualTo(all);
    }

    @Test
    void shouldNotThrowOutAMemberThatRevoked() {
        a.rebalanceTimeoutMs = 10_000;
        a.join();
        passInterval();
        b.join();
        a.beat();
        a.beat();
        fixture.advance(15_000);

        assertThat(a.beatSilently()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeAwayAtOnceWhatIsNoLongerSubscribedTo() {
        fixture.change(() -> fixture.topics.put("u", 2));
        a.topics = List.of("t", "u");
        a.join();
        a.topics = List.of("u");

        a.beatFully(); // too early for another assignment

        assertThat(a.holds()).containsExactly("u-0", "u-1");
    }

    @Test
    void shouldTakeInTopicsThatComeGrowAndGo() {
        a.topics = List.of("t", "u");
        a.join();
        assertThat(a.holds()).hasSize(4);

        fixture.change(() -> fixture.topics.put("u", 2));
        passInterval();
        a.beat();
        assertThat(a.holds()).contains("u-0", "u-1").hasSize(6);

        fixture.change(() -> fixture.topics.put("u", 3));
        passInterval();
        a.beat();
        assertThat(a.holds()).contains("u-2").hasSize(7);

        fixture.change(() -> fixture.topics.remove("t"));
        passInterval();
        a.beat();
        a.beat();
        assertThat(a.holds()).containsExactly("u-0", "u-1", "u-2");
    }

    @Test
    void shouldMatchPatternsAndFollowNewTopics() {
        a.topics = List.of();
        a.regex = "t.*";
        a.join();
        assertThat(a.holds()).as("matched after the answer").isEmpty();
        a.beat();
        assertThat(a.holds()).hasSize(4);

        fixture.change(() -> fixture.topics.put("t2", 1));
        fixture.advance(10_001);
        a.beat();
        passInterval();
        a.beat();

        assertThat(a.holds()).contains("t2-0").hasSize(5);
    }

    @Test
    void shouldRefuseAPatternThatIsNone() {
        a.regex = "(";
        assertThat(a.join()).isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(a.message)
                .isEqualTo("SubscribedTopicRegex `(` is not a valid regular expression: missing closing ).");
        assertThat(group().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldLetMembersChooseTheAssignor() {
        a.assignor = "range";
        a.join();
        assertThat(group().assignorName()).isEqualTo("range");
        b.assignor = "best";
        assertThat(b.join()).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);
        assertThat(b.message).isEqualTo("ServerAssignor best is not supported. Supported assignors: uniform, range.");
    }

    @Test
    void shouldFollowSettingsOfTheGroup() {
        fixture.change(() -> fixture.topics.configure(
                TestConsumer.GROUP,
                Map.of(
                        "consumer.session.timeout.ms", "50000",
                        "consumer.heartbeat.interval.ms", "50", // less than the broker allows
                        "consumer.assignment.interval.ms", "0")));
        assertThat(a.exchange(a.full()).heartbeatIntervalMs()).isEqualTo(100);
        b.join();
        assertThat(b.epoch).as("assigned at once").isEqualTo(3);
        fixture.advance(GroupFixture.CONSUMER_SESSION_MS);
        assertThat(b.beat()).isEqualTo(ErrorCode.NONE);
        fixture.advance(5_000);
        a.epoch = 2;
        assertThat(a.beatSilently()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldLimitTheSizeOfGroups() {
        GroupFixture small = new GroupFixture(1);
        small.change(() -> small.topics.put("t", 1));
        assertThat(new TestConsumer(small, "a").join()).isEqualTo(ErrorCode.NONE);
        assertThat(new TestConsumer(small, "b").join()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(new TestConsumer(small, "a").join()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldBeTheSameAfterAReload() {
        a.join();
        passInterval();
        b.join();
        a.beat();
        ConsumerGroupDescribeResponse.Group before = group();

        fixture.restart();

        assertThat(group()).hasToString(before.toString());
        assertThat(a.beat()).isEqualTo(ErrorCode.NONE);
        assertThat(b.beat()).isEqualTo(ErrorCode.NONE);
        assertThat(b.holds()).hasSize(2);
        fixture.advance(GroupFixture.CONSUMER_SESSION_MS);
        assertThat(group().groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldDeleteAnEmptyGroupOnly() {
        a.join();
        a.commit("t", 0, 5);
        assertThat(fixture.reply(fixture.coordinator.delete(TestConsumer.GROUP)))
                .isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        a.leave();
        assertThat(fixture.reply(fixture.coordinator.delete(TestConsumer.GROUP)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(group().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        fixture.restart();
        assertThat(group().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }
}
