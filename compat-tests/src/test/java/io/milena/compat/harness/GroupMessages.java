package io.milena.compat.harness;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;

/** Requests of members of groups. */
public final class GroupMessages {

    private GroupMessages() {}

    /** A heartbeat that says nothing but who it is from. */
    public static ConsumerGroupHeartbeatRequestData member(String group, String member, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(epoch);
    }

    /** The heartbeat of a member that joins. */
    public static ConsumerGroupHeartbeatRequestData join(String group, String member, String... topics) {
        return member(group, member, 0)
                .setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(List.of(topics))
                .setTopicPartitions(List.of());
    }

    /** A commit for the first partition of the topic "four". */
    public static OffsetCommitRequestData commit(String group, String member, int epoch) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                        .setName("four")
                        .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(7)
                                .setCommittedMetadata("x")))));
    }

    /** The same commit, naming the topic by its id. */
    public static OffsetCommitRequestData byId(OffsetCommitRequestData request, Uuid id) {
        request.topics().forEach(topic -> topic.setName("").setTopicId(id));
        return request;
    }

    /** A question for the first two partitions of the topic "four". */
    public static OffsetFetchRequestData fetch(String group, String member, int epoch) {
        return new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestData.OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setMemberEpoch(epoch)
                        .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopics()
                                .setName("four")
                                .setPartitionIndexes(List.of(0, 1))))));
    }

    /** The same question, naming the topic by its id. */
    public static OffsetFetchRequestData byId(OffsetFetchRequestData request, Uuid id) {
        request.groups()
                .forEach(group ->
                        group.topics().forEach(topic -> topic.setName("").setTopicId(id)));
        return request;
    }

    /** What a consumer of the classic protocol offers. */
    public static JoinGroupRequestData.JoinGroupRequestProtocolCollection protocols(String name, String topic) {
        ByteBuffer subscription = ConsumerProtocol.serializeSubscription(new Subscription(List.of(topic)));
        byte[] metadata = new byte[subscription.remaining()];
        subscription.get(metadata);
        JoinGroupRequestData.JoinGroupRequestProtocolCollection protocols =
                new JoinGroupRequestData.JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                .setName(name)
                .setMetadata(metadata));
        return protocols;
    }

    /** A join of a consumer of the classic protocol. */
    public static JoinGroupRequestData classic(String group, String member) {
        return new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setSessionTimeoutMs(30_000)
                .setRebalanceTimeoutMs(30_000)
                .setProtocolType("consumer")
                .setProtocols(protocols("range", "four"));
    }
}
