package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.JoinRequest;
import io.milena.server.coordinator.group.classic.LeaveReply;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.MemberProtocol;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.classic.SyncRequest;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A member of the group "g" as its client drives it: every call says what the member is told to say. */
final class TestMember {
    static final String GROUP = "g";
    static final UUID TOPIC_ID = new UUID(7, 7);

    private final GroupFixture fixture;
    private final @Nullable String instanceId;
    String memberId = "";
    int generation = -1;
    String protocolType = "consumer";
    List<MemberProtocol> protocols = List.of(protocol("range", "t"));
    int rebalanceTimeoutMs = GroupFixture.REBALANCE_MS;
    boolean memberIdRequired = true;
    boolean canSkipAssignment = true;

    TestMember(GroupFixture fixture) {
        this(fixture, null);
    }

    TestMember(GroupFixture fixture, @Nullable String instanceId) {
        this.fixture = fixture;
        this.instanceId = instanceId;
    }

    /** A consumer's offer: an assignor, and one topic. */
    static MemberProtocol protocol(String name, String topic) {
        byte[] text = topic.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(12 + text.length).putShort((short) 0);
        bytes.putInt(1).putShort((short) text.length).put(text).putInt(-1);
        return new MemberProtocol(name, OpaqueBytes.of(bytes.array()));
    }

    static OpaqueBytes bytes(String text) {
        return OpaqueBytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    CompletionStage<JoinReply> join() {
        return fixture.coordinator.join(new JoinRequest(
                GROUP,
                memberId,
                instanceId,
                "app",
                "/127.0.0.1",
                rebalanceTimeoutMs,
                GroupFixture.SESSION_MS,
                protocolType,
                protocols,
                memberIdRequired,
                canSkipAssignment,
                "test"));
    }

    /** Joins, coming back with the id it is given; the second join may wait. */
    CompletionStage<JoinReply> joinWithId() {
        if (memberId.isEmpty() && instanceId == null) {
            JoinReply first = fixture.reply(join());
            assertThat(first.error()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
            memberId = first.memberId();
        }
        return join();
    }

    /** Takes in the reply of a join that went well. */
    JoinReply joined(CompletionStage<JoinReply> join) {
        JoinReply reply = fixture.reply(join);
        assertThat(reply.error()).isEqualTo(ErrorCode.NONE);
        memberId = reply.memberId();
        generation = reply.generation();
        return reply;
    }

    CompletionStage<SyncReply> sync() {
        return sync(Map.of());
    }

    CompletionStage<SyncReply> sync(Map<String, OpaqueBytes> assignments) {
        return fixture.coordinator.sync(new SyncRequest(
                GROUP, identity(), generation, protocolType, protocols.get(0).name(), assignments));
    }

    ErrorCode heartbeat() {
        return fixture.reply(fixture.coordinator.heartbeat(GROUP, identity(), generation));
    }

    ErrorCode leave() {
        List<LeaveReply> replies = fixture.reply(fixture.coordinator.leave(GROUP, List.of(identity())));
        return replies.get(0).error();
    }

    ErrorCode commit(long offset) {
        CompletionStage<ErrorCode> committed = fixture.coordinator
                .commit(commitRequest("t", 0, offset), 8)
                .thenApply(topics -> topics.get(0).partitions().get(0).errorCode());
        return fixture.reply(committed.exceptionally(TestMember::errorOf));
    }

    static ErrorCode errorOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        assertThat(cause).isInstanceOf(CoordinatorException.class);
        return ((CoordinatorException) cause).error();
    }

    OffsetCommitRequest commitRequest(String topic, int partition, long offset) {
        OffsetCommitRequest.Partition committed = new OffsetCommitRequest.Partition()
                .partitionIndex(partition)
                .committedOffset(offset)
                .committedMetadata("note");
        return new OffsetCommitRequest()
                .groupId(GROUP)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .generationIdOrMemberEpoch(generation)
                .topics(List.of(new OffsetCommitRequest.Topic()
                        .name(topic)
                        .topicId(TOPIC_ID)
                        .partitions(List.of(committed))));
    }

    MemberIdentity identity() {
        return new MemberIdentity(memberId, instanceId);
    }
}
