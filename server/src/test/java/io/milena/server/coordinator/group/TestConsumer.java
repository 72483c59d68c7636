package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.consumer.ClientIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A member of the group "g" that speaks the consumer protocol, as its client drives it: it revokes and takes what it is told to. */
final class TestConsumer {
    static final String GROUP = "g";
    private static final int VERSION = 1;

    private final GroupFixture fixture;
    final String memberId;
    final @Nullable String instanceId;
    List<String> topics = List.of("t");

    @Nullable
    String regex;

    @Nullable
    String assignor;

    int rebalanceTimeoutMs = GroupFixture.REBALANCE_MS;
    int epoch;
    String message = "";

    /** What the client holds. */
    Map<UUID, Set<Integer>> owned = new HashMap<>();

    TestConsumer(GroupFixture fixture, String memberId) {
        this(fixture, memberId, null);
    }

    TestConsumer(GroupFixture fixture, String memberId, @Nullable String instanceId) {
        this.fixture = fixture;
        this.memberId = memberId;
        this.instanceId = instanceId;
    }

    /** Joins with nothing; takes what it gets. */
    ErrorCode join() {
        epoch = 0;
        owned = new HashMap<>();
        return send(full());
    }

    /** A heartbeat that says everything. */
    ErrorCode beatFully() {
        return send(full());
    }

    /** A heartbeat that says what it holds. */
    ErrorCode beat() {
        return send(request().topicPartitions(wire(owned)));
    }

    /** A heartbeat that says nothing. */
    ErrorCode beatSilently() {
        return send(request());
    }

    ErrorCode leave() {
        ErrorCode error = send(request().memberEpoch(-1));
        owned = new HashMap<>();
        return error;
    }

    ErrorCode leaveForAWhile() {
        ErrorCode error = send(request().memberEpoch(-2));
        owned = new HashMap<>();
        return error;
    }

    ConsumerGroupHeartbeatRequest request() {
        return new ConsumerGroupHeartbeatRequest()
                .groupId(GROUP)
                .memberId(memberId)
                .instanceId(instanceId)
                .memberEpoch(epoch);
    }

    ConsumerGroupHeartbeatRequest full() {
        return request()
                .rebalanceTimeoutMs(rebalanceTimeoutMs)
                .subscribedTopicNames(topics)
                .subscribedTopicRegex(regex)
                .serverAssignor(assignor)
                .topicPartitions(wire(owned));
    }

    static List<ConsumerGroupHeartbeatRequest.TopicPartitions> wire(Map<UUID, Set<Integer>> partitions) {
        List<ConsumerGroupHeartbeatRequest.TopicPartitions> wire = new ArrayList<>();
        partitions.forEach((topic, indexes) -> wire.add(new ConsumerGroupHeartbeatRequest.TopicPartitions()
                .topicId(topic)
                .partitions(List.copyOf(indexes))));
        return wire;
    }

    /** Sends it and does what the answer says. */
    ErrorCode send(ConsumerGroupHeartbeatRequest request) {
        ConsumerGroupHeartbeatResponse response = exchange(request);
        if (response.errorCode() == ErrorCode.NONE) {
            epoch = response.memberEpoch();
            if (response.assignment() != null) {
                owned = new HashMap<>();
                response.assignment()
                        .topicPartitions()
                        .forEach(topic -> owned.put(topic.topicId(), new TreeSet<>(topic.partitions())));
            }
        }
        return response.errorCode();
    }

    /** Sends it and does nothing about the answer. */
    ConsumerGroupHeartbeatResponse exchange(ConsumerGroupHeartbeatRequest request) {
        ConsumerGroupHeartbeatResponse response = fixture.reply(fixture.coordinator
                .heartbeat(request, VERSION, new ClientIdentity("app", "/127.0.0.1"))
                .exceptionally(TestConsumer::failed));
        message = response.errorMessage() == null ? "" : response.errorMessage();
        return response;
    }

    private static ConsumerGroupHeartbeatResponse failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        assertThat(cause).isInstanceOf(CoordinatorException.class);
        return new ConsumerGroupHeartbeatResponse()
                .errorCode(((CoordinatorException) cause).error())
                .errorMessage(cause.getMessage());
    }

    /** What it holds, as "t-0". */
    Set<String> holds() {
        Set<String> names = new TreeSet<>();
        new TreeMap<>(owned)
                .forEach((topic, indexes) ->
                        indexes.forEach(index -> names.add(fixture.topics.name(topic) + "-" + index)));
        return names;
    }

    ErrorCode commit(String topic, int partition, long offset) {
        return commit(topic, partition, offset, 9);
    }

    ErrorCode commit(String topic, int partition, long offset, int version) {
        OffsetCommitRequest request = new OffsetCommitRequest()
                .groupId(GROUP)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .generationIdOrMemberEpoch(epoch)
                .topics(List.of(new OffsetCommitRequest.Topic()
                        .name(topic)
                        .topicId(fixture.topics.id(topic))
                        .partitions(List.of(new OffsetCommitRequest.Partition()
                                .partitionIndex(partition)
                                .committedOffset(offset)
                                .committedMetadata("")))));
        return fixture.reply(fixture.coordinator
                .commit(request, version)
                .thenApply(topics -> topics.get(0).partitions().get(0).errorCode())
                .exceptionally(TestMember::errorOf));
    }
}
