package io.milena.server.coordinator.group;

import static io.milena.server.coordinator.group.GroupFixture.EXPIRY_CHECK_MS;
import static io.milena.server.coordinator.group.GroupFixture.INITIAL_DELAY_MS;
import static io.milena.server.coordinator.group.GroupFixture.RETENTION_MS;
import static io.milena.server.coordinator.group.TestMember.GROUP;
import static io.milena.server.coordinator.group.TestMember.TOPIC_ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.TestImages;
import io.milena.server.coordinator.group.classic.JoinReply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CommittedOffsetsTest {
    private final GroupFixture fixture = new GroupFixture();
    private final TestMember nobody = new TestMember(fixture);

    private ErrorCode commit(OffsetCommitRequest request, int version) {
        return fixture.reply(fixture.coordinator
                .commit(request, version)
                .thenApply(topics -> topics.get(0).partitions().get(0).errorCode())
                .exceptionally(TestMember::errorOf));
    }

    private long fetch(String topic, UUID topicId) {
        OffsetFetchRequest.GroupTopic wanted =
                new OffsetFetchRequest.GroupTopic().name(topic).topicId(topicId).partitionIndexes(List.of(0));
        OffsetFetchRequest.Group group =
                new OffsetFetchRequest.Group().groupId(GROUP).topics(List.of(wanted));
        return fixture.reply(fixture.coordinator.fetch(group))
                .get(0)
                .partitions()
                .get(0)
                .committedOffset();
    }

    private List<OffsetFetchResponse.GroupTopic> fetchAll() {
        return fixture.reply(fixture.coordinator.fetch(
                new OffsetFetchRequest.Group().groupId(GROUP).topics(null)));
    }

    private ErrorCode delete() {
        return fixture.reply(fixture.coordinator.delete(GROUP));
    }

    private TestMember stableMember() {
        TestMember member = new TestMember(fixture);
        CompletionStage<JoinReply> join = member.joinWithId();
        fixture.advance(INITIAL_DELAY_MS);
        member.joined(join);
        fixture.reply(member.sync(Map.of()));
        return member;
    }

    @Test
    void shouldStoreOffsetsOfAGroupWithoutMembers() {
        assertThat(nobody.commit(42)).isEqualTo(ErrorCode.NONE);

        OffsetFetchResponse.GroupPartition offset =
                fetchAll().get(0).partitions().get(0);
        assertThat(offset.committedOffset()).isEqualTo(42);
        assertThat(offset.metadata()).isEqualTo("note");
        assertThat(offset.committedLeaderEpoch()).isEqualTo(-1);
    }

    @Test
    void shouldAnswerMinusOneForWhatWasNeverCommitted() {
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(-1);
        assertThat(fetchAll()).isEmpty();
        nobody.commit(1);
        assertThat(fetch("other", TOPIC_ID)).isEqualTo(-1);
    }

    @Test
    void shouldNotMistakeATopicForAnEarlierOneOfItsName() {
        nobody.commit(42);

        assertThat(fetch("t", TOPIC_ID)).isEqualTo(42);
        assertThat(fetch("t", new UUID(0, 0))).isEqualTo(42);
        assertThat(fetch("t", new UUID(8, 8))).isEqualTo(-1);
    }

    @Test
    void shouldKeepOffsetsOverRestarts() {
        nobody.commit(42);
        nobody.commit(43);
        fixture.restart();

        assertThat(fetch("t", TOPIC_ID)).isEqualTo(43);
    }

    @Test
    void shouldRefuseLongMetadata() {
        OffsetCommitRequest request = nobody.commitRequest("t", 0, 42);
        request.topics().get(0).partitions().get(0).committedMetadata("x".repeat(4_097));

        assertThat(commit(request, 9)).isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(-1);
        request.topics().get(0).partitions().get(0).committedMetadata("x".repeat(4_096));
        assertThat(commit(request, 9)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseMembersOfGroupsThatDoNotExist() {
        nobody.generation = 3;
        nobody.memberId = "m";

        assertThat(commit(nobody.commitRequest("t", 0, 1), 8)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commit(nobody.commitRequest("t", 0, 1), 9)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldRefuseOutsidersWhileAGroupHasMembers() {
        stableMember();

        assertThat(nobody.commit(1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldAnswerOnlyWhenTheCommitIsReplicated() {
        fixture.log.holdBack();
        CompletionStage<?> commit = fixture.coordinator.commit(nobody.commitRequest("t", 0, 1), 9);
        fixture.assertWaiting(commit);
        CompletionStage<?> fetch = fixture.coordinator.fetch(
                new OffsetFetchRequest.Group().groupId(GROUP).topics(null));
        fixture.assertWaiting(fetch);
        fixture.log.commit();

        fixture.reply(commit);
        fixture.reply(fetch);
    }

    @Test
    void shouldGiveUpOnACommitThatIsNotReplicated() {
        fixture.log.holdBack();
        CompletionStage<ErrorCode> commit = fixture.coordinator
                .commit(nobody.commitRequest("t", 0, 1), 9)
                .thenApply(topics -> ErrorCode.NONE)
                .exceptionally(TestMember::errorOf);
        fixture.advance(GroupFixture.COMMIT_TIMEOUT_MS);

        assertThat(fixture.reply(commit)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void shouldDeleteOffsetsOfTopicsNobodyConsumes() {
        TestMember member = stableMember();
        assertThat(member.commit(1)).isEqualTo(ErrorCode.NONE);
        commit(member.commitRequest("old", 0, 5), 9);
        OffsetDeleteRequest.Partition partition = new OffsetDeleteRequest.Partition().partitionIndex(0);
        OffsetDeleteRequest request = new OffsetDeleteRequest()
                .groupId(GROUP)
                .topics(List.of(
                        new OffsetDeleteRequest.Topic().name("t").partitions(List.of(partition)),
                        new OffsetDeleteRequest.Topic().name("old").partitions(List.of(partition))));

        assertThat(fixture.reply(fixture.coordinator.deleteOffsets(request)))
                .extracting(topic -> topic.partitions().get(0).errorCode())
                .containsExactly(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC, ErrorCode.NONE);
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(1);
        assertThat(fetch("old", TOPIC_ID)).isEqualTo(-1);
    }

    @Test
    void shouldDeleteGroupsWithoutMembers() {
        TestMember member = stableMember();
        member.commit(1);
        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        member.leave();

        assertThat(delete()).isEqualTo(ErrorCode.NONE);
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(fetchAll()).isEmpty();
        fixture.restart();
        assertThat(fetchAll()).isEmpty();
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldForgetOffsetsOfDeletedTopics() {
        nobody.commit(1);
        ClusterImage empty = new TestImages().source().image();
        ClusterImage other =
                new TestImages().topic("t", new UUID(8, 8), 1).source().image();
        ClusterImage same = new TestImages().topic("t", TOPIC_ID, 1).source().image();
        fixture.coordinator.imageChanged(other, empty);
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(1);
        fixture.coordinator.imageChanged(same, other);

        assertThat(fetchAll()).isEmpty();
    }

    @Test
    void shouldExpireOffsetsOfGroupsWithoutMembers() {
        nobody.commit(1);
        fixture.advance(RETENTION_MS - EXPIRY_CHECK_MS);
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(1);
        fixture.advance(2 * EXPIRY_CHECK_MS);

        assertThat(fetchAll()).isEmpty();
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldCountRetentionFromWhenAGroupBecameEmpty() {
        TestMember member = stableMember();
        member.commit(1);
        for (long ms = 0; ms < RETENTION_MS; ms += 3_600_000) {
            member.heartbeat();
            fixture.timers.advance(0);
            keepAlive(member, 3_600_000);
        }
        member.leave();
        fixture.advance(RETENTION_MS - EXPIRY_CHECK_MS);
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(1);
        fixture.advance(2 * EXPIRY_CHECK_MS);

        assertThat(fetchAll()).isEmpty();
    }

    private void keepAlive(TestMember member, long ms) {
        for (long passed = 0; passed < ms; passed += 9_000) {
            fixture.timers.advance(9_000);
            assertThat(member.heartbeat()).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void shouldExpireTopicsThatMembersNoLongerConsume() {
        commit(nobody.commitRequest("old", 0, 5), 9);
        nobody.commit(1);
        fixture.advance(RETENTION_MS - EXPIRY_CHECK_MS);
        TestMember member = stableMember();
        keepAlive(member, 2 * EXPIRY_CHECK_MS);

        assertThat(fetch("old", TOPIC_ID)).isEqualTo(-1);
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(1);
    }

    @Test
    void shouldHonourTheRetentionOldClientsAskFor() {
        OffsetCommitRequest request = nobody.commitRequest("t", 0, 42).retentionTimeMs(EXPIRY_CHECK_MS);
        commit(request, 3);
        fixture.restart();
        assertThat(fetch("t", TOPIC_ID)).isEqualTo(42);
        fixture.advance(EXPIRY_CHECK_MS);

        assertThat(fetch("t", TOPIC_ID)).isEqualTo(-1);
    }
}
