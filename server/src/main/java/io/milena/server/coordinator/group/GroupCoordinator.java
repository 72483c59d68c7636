package io.milena.server.coordinator.group;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageListener;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.GroupSettings;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ShardHost;
import io.milena.server.coordinator.TransactionMarker;
import io.milena.server.coordinator.group.classic.ClassicSettings;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.JoinRequest;
import io.milena.server.coordinator.group.classic.LeaveReply;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.classic.SyncRequest;
import io.milena.server.coordinator.group.consumer.ClientIdentity;
import io.milena.server.coordinator.group.consumer.ConsumerSettings;
import io.milena.server.coordinator.group.consumer.HeartbeatCheck;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.GroupRecordCodec;
import io.milena.server.partition.PartitionListener;
import io.milena.server.partition.TransactionGate;
import io.milena.server.strand.Timers;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What handlers ask of groups: finds the shard that holds a group and brings the request there. Every stage may fail with a
 * {@link CoordinatorException} that names the error for the client. May be called from any thread; requests that one thread brings for
 * one group are taken in that order.
 */
public final class GroupCoordinator implements ImageListener, AutoCloseable {
    private final ShardHost<GroupRecord, GroupShard> host;
    private final IntSupplier partitions;
    private final ClassicSettings settings;
    private final ConsumerSettings consumerSettings;
    private final GroupSurroundings surroundings;

    /**
     * @param partitions how many partitions {@code __consumer_offsets} has at the moment; 0 while there is no such topic
     * @param surroundings what the shards of the host are told of the cluster; kept up to date here
     */
    public GroupCoordinator(
            ShardHost<GroupRecord, GroupShard> host,
            IntSupplier partitions,
            GroupLimits limits,
            GroupSurroundings surroundings) {
        this.host = host;
        this.partitions = partitions;
        this.settings = limits.classic();
        this.consumerSettings = limits.consumer();
        this.surroundings = surroundings;
    }

    /** A coordinator of this broker's part of {@code __consumer_offsets}, which {@link #host()} must be told of. */
    public static GroupCoordinator create(
            GroupSettings settings, ImageSource images, Timers timers, Clock clock, Executor background) {
        GroupLimits limits = GroupLimits.of(settings);
        GroupSurroundings surroundings = new GroupSurroundings(images.image());
        ShardHost<GroupRecord, GroupShard> host = new ShardHost<>(new ShardHost.Terms<>(
                TopicImage.CONSUMER_OFFSETS,
                new GroupRecordCodec(),
                context -> new GroupShard(context, limits, surroundings, UUID::randomUUID),
                timers,
                clock,
                background,
                settings.offsetsCommitTimeoutMs()));
        return new GroupCoordinator(host, () -> partitionsIn(images.image()), limits, surroundings);
    }

    private static int partitionsIn(ClusterImage image) {
        TopicImage topic = image.topic(TopicImage.CONSUMER_OFFSETS);
        return topic == null ? 0 : topic.partitions().size();
    }

    /** Follows which partitions this broker leads. */
    public PartitionListener host() {
        return host;
    }

    /** The partition that keeps a group, Kafka's way; a hash that has no positive counterpart counts as 0. */
    public static int partitionFor(String groupId, int partitions) {
        int hash = groupId.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitions;
    }

    /** The partition that keeps a group, at the moment. */
    public int partitionOf(String groupId, int partitionsOfNewTopic) {
        int count = partitions.getAsInt();
        return partitionFor(groupId, count == 0 ? partitionsOfNewTopic : count);
    }

    /** JoinGroup; may take as long as a rebalance. */
    public CompletionStage<JoinReply> join(JoinRequest request) {
        if (request.groupId().isEmpty()) {
            return reply(JoinReply.error(ErrorCode.INVALID_GROUP_ID, request.memberId()));
        }
        int sessionTimeoutMs = request.sessionTimeoutMs();
        if (sessionTimeoutMs < settings.minSessionTimeoutMs() || sessionTimeoutMs > settings.maxSessionTimeoutMs()) {
            return reply(JoinReply.error(ErrorCode.INVALID_SESSION_TIMEOUT, request.memberId()));
        }
        return execute(request.groupId(), shard -> shard.join(request));
    }

    /** SyncGroup; may take as long as the leader needs. */
    public CompletionStage<SyncReply> sync(SyncRequest request) {
        return executeNamed(request.groupId(), shard -> shard.sync(request));
    }

    /** Heartbeat. */
    public CompletionStage<ErrorCode> heartbeat(String groupId, MemberIdentity member, int generation) {
        return executeNamed(groupId, shard -> shard.heartbeat(groupId, member, generation));
    }

    /** LeaveGroup. */
    public CompletionStage<List<LeaveReply>> leave(String groupId, List<MemberIdentity> members) {
        return executeNamed(groupId, shard -> shard.leave(groupId, members));
    }

    /** ConsumerGroupHeartbeat. */
    public CompletionStage<ConsumerGroupHeartbeatResponse> heartbeat(
            ConsumerGroupHeartbeatRequest request, int version, ClientIdentity client) {
        try {
            HeartbeatCheck.check(request, version, consumerSettings);
        } catch (CoordinatorException e) {
            return CompletableFuture.failedFuture(e);
        }
        return execute(request.groupId(), shard -> shard.heartbeat(request, client));
    }

    /** OffsetCommit of partitions that exist, with names and ids of their topics filled in. The group may have no name. */
    public CompletionStage<List<OffsetCommitResponse.Topic>> commit(OffsetCommitRequest request, int version) {
        return execute(request.groupId(), shard -> shard.commit(request, version));
    }

    /** OffsetFetch of one group, topics by name. The group may have no name. */
    public CompletionStage<List<OffsetFetchResponse.GroupTopic>> fetch(OffsetFetchRequest.Group request) {
        return execute(request.groupId(), shard -> shard.fetch(request));
    }

    /** OffsetFetch of one group that refuses offsets which a transaction may change. */
    public CompletionStage<List<OffsetFetchResponse.GroupTopic>> fetchStable(OffsetFetchRequest.Group request) {
        return execute(request.groupId(), shard -> shard.fetchStable(request));
    }

    /**
     * TxnOffsetCommit of partitions that exist.
     *
     * @param question asks the transaction's coordinator; null if nobody is to be asked
     */
    public CompletionStage<List<TxnOffsetCommitResponse.Topic>> commitTransactional(
            TxnOffsetCommitRequest request, TransactionGate.@Nullable Question question) {
        return executeNamed(request.groupId(), shard -> shard.commitTransactional(request, question));
    }

    /** Ends a transaction in one partition of {@code __consumer_offsets}. */
    public CompletionStage<Void> endTransaction(int partition, TransactionMarker marker) {
        return host.execute(partition, shard -> shard.endTransaction(marker));
    }

    /** OffsetDelete of partitions that exist. */
    public CompletionStage<List<OffsetDeleteResponse.Topic>> deleteOffsets(OffsetDeleteRequest request) {
        return executeNamed(request.groupId(), shard -> shard.deleteOffsets(request));
    }

    /** DescribeGroups for one group. */
    public CompletionStage<DescribeGroupsResponse.Group> describe(String groupId, int version) {
        return execute(groupId, shard -> shard.describe(groupId, version));
    }

    /** ConsumerGroupDescribe for one group. */
    public CompletionStage<ConsumerGroupDescribeResponse.Group> describeConsumers(String groupId) {
        return executeNamed(groupId, shard -> shard.describeConsumers(groupId));
    }

    /** DeleteGroups for one group. */
    public CompletionStage<ErrorCode> delete(String groupId) {
        return execute(groupId, shard -> shard.delete(groupId));
    }

    /**
     * ListGroups on this broker, one stage for each shard.
     *
     * @param states in lower case; all if empty
     * @param types in lower case; all if empty
     */
    public List<CompletionStage<List<ListGroupsResponse.Group>>> list(Set<String> states, Set<String> types) {
        return host.executeOnAll(shard -> shard.list(states, types));
    }

    /** Groups look at their topics again, and committed offsets of topics that are no more go, too; nobody needs to wait for that. */
    @Override
    public CompletionStage<Void> imageChanged(ClusterImage previous, ClusterImage next) {
        surroundings.image(next);
        host.executeOnAll(shard -> {
            shard.topicsChanged(previous, next);
            return reply(ErrorCode.NONE);
        });
        for (TopicImage topic : previous.topicsGoneIn(next)) {
            host.executeOnAll(shard -> {
                shard.topicDeleted(topic.name(), topic.id());
                return reply(ErrorCode.NONE);
            });
        }
        return CompletableFuture.completedFuture(null);
    }

    /** Ends all coordination here: whoever waits for a group is sent to find its coordinator again. */
    @Override
    public void close() {
        host.close();
    }

    private <R> CompletionStage<R> executeNamed(String groupId, Function<GroupShard, CompletionStage<R>> operation) {
        return groupId.isEmpty()
                ? CompletableFuture.failedFuture(
                        new CoordinatorException(ErrorCode.INVALID_GROUP_ID, "a group needs a name here"))
                : execute(groupId, operation);
    }

    private <R> CompletionStage<R> execute(String groupId, Function<GroupShard, CompletionStage<R>> operation) {
        int count = partitions.getAsInt();
        return count == 0
                ? CompletableFuture.failedFuture(
                        new CoordinatorException(ErrorCode.NOT_COORDINATOR, "there are no groups yet"))
                : host.execute(partitionFor(groupId, count), operation);
    }

    private static <R> CompletionStage<R> reply(R reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
