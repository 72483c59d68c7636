package io.milena.server.handler.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TestImages;
import io.milena.server.coordinator.group.GroupFixture;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetHandlersTest {
    private static final UUID TOPIC_ID = new UUID(1, 2);
    private static final UUID UNKNOWN_ID = new UUID(3, 4);

    private final GroupFixture fixture = new GroupFixture();
    private final GroupRequests requests = new GroupRequests(fixture);
    private final ImageSource images = new TestImages().topic("t", TOPIC_ID, 2).source();
    private final OffsetCommitHandler commit = new OffsetCommitHandler(fixture.coordinator(), images);
    private final OffsetFetchHandler fetch = new OffsetFetchHandler(fixture.coordinator(), images);
    private final OffsetDeleteHandler delete = new OffsetDeleteHandler(fixture.coordinator(), images);

    private static OffsetCommitRequest.Topic topic(String name, UUID id, int version, int... partitions) {
        OffsetCommitRequest.Topic topic = new OffsetCommitRequest.Topic();
        return (version >= 10 ? topic.topicId(id) : topic.name(name))
                .partitions(Arrays.stream(partitions)
                        .mapToObj(partition -> new OffsetCommitRequest.Partition()
                                .partitionIndex(partition)
                                .committedOffset(10 + partition))
                        .toList());
    }

    private OffsetCommitResponse commit(int version) {
        OffsetCommitRequest request = new OffsetCommitRequest()
                .groupId("g")
                .topics(List.of(topic("t", TOPIC_ID, version, 1, 5, 0), topic("x", UNKNOWN_ID, version, 0)));
        return requests.send(commit, request, version);
    }

    private static List<ErrorCode> errors(OffsetCommitResponse.Topic topic) {
        return topic.partitions().stream()
                .sorted((a, b) -> Integer.compare(a.partitionIndex(), b.partitionIndex()))
                .map(OffsetCommitResponse.Partition::errorCode)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldStoreWhatExistsInEveryVersion(int version) {
        OffsetCommitResponse response = commit(version);

        OffsetCommitResponse.Topic known = response.topics().get(0);
        assertThat(errors(known)).containsExactly(ErrorCode.NONE, ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(version >= 10 ? known.topicId() : known.name()).isEqualTo(version >= 10 ? TOPIC_ID : "t");
        assertThat(errors(response.topics().get(1)))
                .containsExactly(version >= 10 ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(fetched(9).partitions())
                .extracting(OffsetFetchResponse.GroupPartition::committedOffset)
                .containsExactly(10L, 11L);
    }

    @Test
    void shouldAnswerForEveryPartitionIfTheGroupRefuses() {
        OffsetCommitRequest request = new OffsetCommitRequest()
                .groupId("g")
                .generationIdOrMemberEpoch(4)
                .memberId("m")
                .topics(List.of(topic("t", TOPIC_ID, 9, 0, 1, 7)));

        assertThat(errors(requests.send(commit, request, 9).topics().get(0)))
                .containsExactly(
                        ErrorCode.GROUP_ID_NOT_FOUND,
                        ErrorCode.GROUP_ID_NOT_FOUND,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errors(requests.send(commit, request, 8).topics().get(0))).contains(ErrorCode.ILLEGAL_GENERATION);
    }

    private OffsetFetchResponse.GroupTopic fetched(int version) {
        OffsetFetchRequest.Group group =
                new OffsetFetchRequest.Group().groupId("g").topics(null);
        return requests.send(fetch, new OffsetFetchRequest().groups(List.of(group)), version)
                .groups()
                .get(0)
                .topics()
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void shouldFetchForOneGroupInOlderVersions(int version) {
        commit(9);
        OffsetFetchRequest.Topic wanted =
                new OffsetFetchRequest.Topic().name("t").partitionIndexes(List.of(0, 3));
        OffsetFetchResponse response =
                requests.send(fetch, new OffsetFetchRequest().groupId("g").topics(List.of(wanted)), version);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.topics().get(0).partitions())
                .extracting(OffsetFetchResponse.Partition::committedOffset)
                .containsExactly(10L, -1L);
        if (version >= 2) {
            OffsetFetchRequest all = new OffsetFetchRequest().groupId("g").topics(null);
            assertThat(requests.send(fetch, all, version).topics().get(0).partitions())
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void shouldFetchForSeveralGroupsInNewerVersions(int version) {
        commit(9);
        OffsetFetchRequest.GroupTopic known = wanted("t", TOPIC_ID, version);
        OffsetFetchRequest.GroupTopic unknown = wanted("x", UNKNOWN_ID, version);
        OffsetFetchRequest request = new OffsetFetchRequest()
                .requireStable(true)
                .groups(List.of(
                        new OffsetFetchRequest.Group().groupId("g").topics(List.of(unknown, known)),
                        new OffsetFetchRequest.Group().groupId("other").topics(null)));
        OffsetFetchResponse response = requests.send(fetch, request, version);

        List<OffsetFetchResponse.GroupPartition> partitions = response.groups().get(0).topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
        assertThat(partitions)
                .extracting(OffsetFetchResponse.GroupPartition::committedOffset)
                .containsExactlyInAnyOrder(10L, -1L);
        assertThat(partitions)
                .extracting(OffsetFetchResponse.GroupPartition::errorCode)
                .containsExactlyInAnyOrder(ErrorCode.NONE, version >= 10 ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.NONE);
        assertThat(response.groups().get(1).topics()).isEmpty();
        if (version >= 10) {
            assertThat(fetched(10).topicId()).isEqualTo(TOPIC_ID);
        }
    }

    private static OffsetFetchRequest.GroupTopic wanted(String name, UUID id, int version) {
        OffsetFetchRequest.GroupTopic topic = new OffsetFetchRequest.GroupTopic().partitionIndexes(List.of(0));
        return version >= 10 ? topic.topicId(id) : topic.name(name);
    }

    @Test
    void shouldPutErrorsWhereEachVersionLooksForThem() {
        fixture.stop();
        OffsetFetchRequest.Topic wanted =
                new OffsetFetchRequest.Topic().name("t").partitionIndexes(List.of(0));
        OffsetFetchRequest old = new OffsetFetchRequest().groupId("g").topics(List.of(wanted));
        OffsetFetchRequest.Group group =
                new OffsetFetchRequest.Group().groupId("g").topics(null);

        assertThat(requests.send(fetch, old, 1)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(requests.send(fetch, old, 2).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(requests.send(fetch, new OffsetFetchRequest().groups(List.of(group)), 8)
                        .groups()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldDeleteOffsets() {
        commit(9);
        OffsetDeleteRequest request = new OffsetDeleteRequest()
                .groupId("g")
                .topics(List.of(new OffsetDeleteRequest.Topic()
                        .name("t")
                        .partitions(List.of(
                                new OffsetDeleteRequest.Partition().partitionIndex(7),
                                new OffsetDeleteRequest.Partition().partitionIndex(0)))));
        OffsetDeleteResponse response = requests.send(delete, request, 0);

        assertThat(response.topics().get(0).partitions())
                .extracting(OffsetDeleteResponse.Partition::errorCode)
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.NONE);
        assertThat(fetched(9).partitions()).hasSize(1);
        assertThat(requests.send(delete, request.groupId("none"), 0).errorCode())
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }
}
