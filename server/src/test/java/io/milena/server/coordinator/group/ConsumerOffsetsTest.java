package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may commit and fetch the offsets of a consumer group, and with which epoch. */
class ConsumerOffsetsTest {
    private final GroupFixture fixture = new GroupFixture();
    private final TestConsumer a = new TestConsumer(fixture, "a");
    private final TestConsumer b = new TestConsumer(fixture, "b");

    @BeforeEach
    void makeTopic() {
        fixture.change(() -> fixture.topics.put("t", 4));
    }

    @Test
    void shouldAcceptCommitsOfMembersOnly() {
        a.join();
        assertThat(a.commit("t", 0, 5)).isEqualTo(ErrorCode.NONE);
        assertThat(b.commit("t", 0, 5)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(a.commit("t", 0, 5, 8)).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        a.epoch++;
        assertThat(a.commit("t", 0, 5)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
    }

    @Test
    void shouldLetMembersFetchWithTheirEpochOnly() {
        a.join();
        a.commit("t", 0, 5);
        for (boolean stable : List.of(true, false)) {
            assertThat(fetch(null, -1, stable)).isEqualTo(ErrorCode.NONE);
            assertThat(fetch("a", 2, stable)).isEqualTo(ErrorCode.NONE);
            assertThat(fetch("a", 1, stable)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
            assertThat(fetch("a", 3, stable)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
            assertThat(fetch("b", 2, stable)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        }
    }

    private ErrorCode fetch(@Nullable String memberId, int epoch, boolean stable) {
        OffsetFetchRequest.Group request = new OffsetFetchRequest.Group()
                .groupId(TestConsumer.GROUP)
                .memberId(memberId)
                .memberEpoch(epoch)
                .topics(null);
        return fixture.reply((stable ? fixture.coordinator.fetchStable(request) : fixture.coordinator.fetch(request))
                .thenApply(topics -> ErrorCode.NONE)
                .exceptionally(TestMember::errorOf));
    }

    @Test
    void shouldCheckCommitsInTransactions() {
        a.join();
        assertThat(commitInTransaction("a", 2)).isEqualTo(ErrorCode.NONE);
        assertThat(commitInTransaction("", -1)).as("an old client").isEqualTo(ErrorCode.NONE);
        assertThat(commitInTransaction("a", 3)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commitInTransaction("a", 1)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commitInTransaction("b", 2)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    private ErrorCode commitInTransaction(String memberId, int epoch) {
        TxnOffsetCommitRequest request = new TxnOffsetCommitRequest()
                .transactionalId("tx")
                .groupId(TestConsumer.GROUP)
                .producerId(5)
                .memberId(memberId)
                .generationId(epoch)
                .topics(List.of(new TxnOffsetCommitRequest.Topic()
                        .name("t")
                        .partitions(List.of(new TxnOffsetCommitRequest.Partition().committedOffset(1)))));
        return fixture.reply(fixture.coordinator
                .commitTransactional(request, null)
                .thenApply(topics -> topics.get(0).partitions().get(0).errorCode())
                .exceptionally(TestMember::errorOf));
    }

    @Test
    void shouldForgetAnEmptyGroupWithItsLastOffset() {
        a.join();
        a.commit("t", 0, 5);
        a.leave();
        fixture.advance(GroupFixture.RETENTION_MS + GroupFixture.EXPIRY_CHECK_MS);
        assertThat(fixture.reply(fixture.coordinator.describeConsumers(TestConsumer.GROUP))
                        .errorCode())
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldAcceptAnOlderEpochForPartitionsHeldSinceThen() {
        a.join();
        fixture.advance(GroupFixture.ASSIGNMENT_INTERVAL_MS);
        b.join();
        a.beat();
        List<String> kept = List.copyOf(a.holds());
        List<String> moved = List.of("t-0", "t-1", "t-2", "t-3").stream()
                .filter(partition -> !kept.contains(partition))
                .toList();
        a.beat();
        b.beat();
        a.epoch = 2;

        assertThat(a.commit("t", number(kept.get(0)), 1)).isEqualTo(ErrorCode.NONE);
        assertThat(a.commit("t", number(moved.get(0)), 1)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        b.epoch = 2;
        assertThat(b.commit("t", number(moved.get(0)), 1)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
    }

    private static int number(String partition) {
        return Integer.parseInt(partition.substring(partition.indexOf('-') + 1));
    }
}
