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
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.Shard;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.TransactionMarker;
import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.ClassicGroups;
import io.milena.server.coordinator.group.classic.ClassicProtocol;
import io.milena.server.coordinator.group.classic.GroupDescriptions;
import io.milena.server.coordinator.group.classic.GroupState;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.JoinRequest;
import io.milena.server.coordinator.group.classic.LeaveReply;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.classic.SyncRequest;
import io.milena.server.coordinator.group.consumer.ClassicMembers;
import io.milena.server.coordinator.group.consumer.ClientIdentity;
import io.milena.server.coordinator.group.consumer.ConsumerDescriptions;
import io.milena.server.coordinator.group.consumer.ConsumerEnvironment;
import io.milena.server.coordinator.group.consumer.ConsumerGroup;
import io.milena.server.coordinator.group.consumer.ConsumerGroups;
import io.milena.server.coordinator.group.consumer.ConsumerProtocol;
import io.milena.server.coordinator.group.consumer.ConsumerUpkeep;
import io.milena.server.coordinator.group.consumer.OffsetRules;
import io.milena.server.coordinator.group.offsets.CommittedOffsets;
import io.milena.server.coordinator.group.offsets.OffsetDecisions;
import io.milena.server.coordinator.group.offsets.OffsetExpiry;
import io.milena.server.coordinator.group.offsets.OffsetFetcher;
import io.milena.server.coordinator.group.offsets.PendingTransactionOffsets;
import io.milena.server.coordinator.group.offsets.PendingTransactionOffsets.Place;
import io.milena.server.coordinator.group.offsets.TransactionalOffsets;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupStored;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetStored;
import io.milena.server.partition.TransactionGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups and committed offsets of one partition of {@code __consumer_offsets}. Runs inside that partition's strand. */
public final class GroupShard implements Shard<GroupRecord> {
    /** Most tombstones appended at once, so that a batch stays well below the topic's limit. */
    static final int MAX_TOMBSTONES_PER_BATCH = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(GroupShard.class);

    private final ShardContext<GroupRecord> context;
    private final OffsetFetcher fetcher;
    private final OffsetDecisions decisions;
    private final OffsetExpiry expiry;
    private final TransactionalOffsets transactional;
    private final PendingTransactionOffsets pending = new PendingTransactionOffsets();
    private final ClassicProtocol classic;
    private final GroupDescriptions descriptions;
    private final ConsumerProtocol consumer;
    private final ClassicRouting routing;
    private final ConsumerDescriptions consumerDescriptions;
    private final ClassicGroups groups = new ClassicGroups();
    private final ConsumerGroups consumerGroups = new ConsumerGroups();
    private final CommittedOffsets offsets = new CommittedOffsets();
    private final long expiryIntervalMs;

    /**
     * @param surroundings what groups are told of the cluster
     * @param ids where new members' ids come from
     */
    public GroupShard(
            ShardContext<GroupRecord> context, GroupLimits limits, GroupSurroundings surroundings, Supplier<UUID> ids) {
        this.context = context;
        this.classic = new ClassicProtocol(context, groups, limits.classic(), ids);
        this.descriptions = new GroupDescriptions(groups);
        this.fetcher = new OffsetFetcher(offsets, pending);
        this.decisions = new OffsetDecisions(groups, consumerGroups, offsets, pending, limits.offsets());
        this.expiry = new OffsetExpiry(groups, consumerGroups, offsets, pending, limits.offsets());
        this.transactional =
                new TransactionalOffsets(context, groups, consumerGroups, surroundings::topicId, limits.offsets());
        ConsumerEnvironment environment = new ConsumerEnvironment(
                limits.consumer(),
                surroundings::image,
                surroundings::times,
                limits.classic().maxSize());
        ConsumerUpkeep upkeep = new ConsumerUpkeep(context, consumerGroups, classic, environment);
        this.consumer = new ConsumerProtocol(context, consumerGroups, groups, classic, upkeep, ids);
        this.routing = new ClassicRouting(context, consumerGroups, new ClassicMembers(context, upkeep, ids), classic);
        this.consumerDescriptions = new ConsumerDescriptions(consumerGroups, limits.consumer(), surroundings::image);
        this.expiryIntervalMs = limits.offsets().retentionCheckIntervalMs();
    }

    @Override
    public void apply(GroupRecord record) {
        if (record instanceof OffsetStored stored) {
            ensureGroup(stored.groupId());
            offsets.put(stored);
            pending.outdate(new Place(stored.groupId(), stored.topic(), stored.partition()));
        } else if (record instanceof OffsetRemoved removed) {
            offsets.remove(removed);
            pending.remove(new Place(removed.groupId(), removed.topic(), removed.partition()));
        } else if (record instanceof ClassicGroupStored stored) {
            groups.put(stored);
        } else if (record instanceof ClassicGroupRemoved removed) {
            groups.remove(removed.groupId());
        } else if (record instanceof ConsumerGroupRecord part) {
            if (!ConsumerGroups.isEnd(part)) {
                groups.remove(part.groupId()); // there was one at most while nothing but offsets was known of it
            }
            consumerGroups.apply(part);
        }
    }

    @Override
    public void applyTransactional(long producerId, GroupRecord record) {
        if (record instanceof OffsetStored stored) {
            ensureGroup(stored.groupId());
            pending.put(producerId, stored);
        }
    }

    @Override
    public void transactionEnded(long producerId, boolean committed) {
        for (OffsetStored stored : pending.end(producerId, committed)) {
            ensureGroup(stored.groupId());
            offsets.put(stored);
        }
    }

    /** Offsets make a group, if there is none. */
    private void ensureGroup(String groupId) {
        if (consumerGroups.find(groupId) == null) {
            groups.ensure(groupId, context.nowMs());
        }
    }

    @Override
    public void loaded() {
        classic.loaded();
        consumer.loaded();
        scheduleExpiry();
    }

    @Override
    public void unloaded() {
        classic.unloaded();
        consumer.unloaded();
    }

    CompletionStage<JoinReply> join(JoinRequest request) {
        return routing.join(request);
    }

    CompletionStage<SyncReply> sync(SyncRequest request) {
        return routing.sync(request);
    }

    CompletionStage<ConsumerGroupHeartbeatResponse> heartbeat(
            ConsumerGroupHeartbeatRequest request, ClientIdentity client) {
        return consumer.heartbeat(request, client);
    }

    CompletionStage<ErrorCode> heartbeat(String groupId, MemberIdentity member, int generation) {
        return routing.heartbeat(groupId, member, generation);
    }

    CompletionStage<List<LeaveReply>> leave(String groupId, List<MemberIdentity> members) {
        return routing.leave(groupId, members);
    }

    CompletionStage<List<OffsetCommitResponse.Topic>> commit(OffsetCommitRequest request, int version) {
        Decision<GroupRecord, List<OffsetCommitResponse.Topic>> decision =
                decisions.commit(request, version, context.nowMs());
        ClassicGroup group = groups.find(request.groupId());
        if (group != null) {
            classic.committed(group, request.memberId());
        }
        return context.carryOut(decision);
    }

    CompletionStage<List<OffsetFetchResponse.GroupTopic>> fetch(OffsetFetchRequest.Group request) {
        checkFetch(request);
        return answer(fetcher.fetch(request));
    }

    /** The same, but offsets that a transaction may change are refused. */
    CompletionStage<List<OffsetFetchResponse.GroupTopic>> fetchStable(OffsetFetchRequest.Group request) {
        checkFetch(request);
        return answer(fetcher.fetchStable(request));
    }

    private void checkFetch(OffsetFetchRequest.Group request) {
        ConsumerGroup group = consumerGroups.find(request.groupId());
        if (group != null) {
            OffsetRules.checkFetch(group, request.memberId(), request.memberEpoch());
        }
    }

    CompletionStage<List<TxnOffsetCommitResponse.Topic>> commitTransactional(
            TxnOffsetCommitRequest request, TransactionGate.@Nullable Question question) {
        return transactional.commit(request, question);
    }

    CompletionStage<Void> endTransaction(TransactionMarker marker) {
        return context.endTransaction(marker);
    }

    CompletionStage<List<OffsetDeleteResponse.Topic>> deleteOffsets(OffsetDeleteRequest request) {
        return context.carryOut(decisions.delete(request));
    }

    CompletionStage<DescribeGroupsResponse.Group> describe(String groupId, int version) {
        return answer(descriptions.describe(groupId, version));
    }

    CompletionStage<ConsumerGroupDescribeResponse.Group> describeConsumers(String groupId) {
        return answer(consumerDescriptions.describe(groupId, groups.find(groupId) != null));
    }

    CompletionStage<List<ListGroupsResponse.Group>> list(Set<String> states, Set<String> types) {
        List<ListGroupsResponse.Group> listed = descriptions.list(states, types);
        listed.addAll(consumerDescriptions.list(states, types));
        return answer(listed);
    }

    /** Deletes a group that has no members, with its offsets. */
    CompletionStage<ErrorCode> delete(String groupId) {
        ClassicGroup group = groups.find(groupId);
        ConsumerGroup consumers = consumerGroups.find(groupId);
        if (group == null && consumers == null) {
            return answer(ErrorCode.GROUP_ID_NOT_FOUND);
        }
        boolean isEmpty = consumers == null ? group == null || group.state() == GroupState.EMPTY : consumers.isEmpty();
        if (!isEmpty) {
            return answer(ErrorCode.NON_EMPTY_GROUP);
        }
        List<GroupRecord> records = new ArrayList<>(decisions.removeAll(groupId));
        int removedOffsets = records.size();
        records.addAll(consumers == null ? List.of(new ClassicGroupRemoved(groupId)) : consumers.tombstones());
        bury(records);
        LOG.info("group deleted: group={} offsets={}", groupId, removedOffsets);
        return answer(ErrorCode.NONE);
    }

    /** Forgets what groups committed for a topic that is no more. */
    void topicDeleted(String topic, UUID topicId) {
        buryQuietly(expiry.ofDeletedTopic(topic, topicId), "topic deleted: " + topic);
    }

    /** Topics came, went or changed. */
    void topicsChanged(ClusterImage previous, ClusterImage next) {
        consumer.topicsChanged(previous, next);
    }

    private void scheduleExpiry() {
        context.schedule(expiryIntervalMs, () -> {
            buryQuietly(expiry.expired(context.nowMs()), "expired");
            scheduleExpiry();
        });
    }

    private void buryQuietly(List<GroupRecord> records, String reason) {
        try {
            bury(records);
            if (!records.isEmpty()) {
                LOG.info("offsets removed: tombstones={} reason={}", records.size(), reason);
            }
        } catch (CoordinatorException e) {
            LOG.warn("offsets not removed: tombstones={} reason={} error={}", records.size(), reason, e.error());
        }
    }

    /** Appends and applies tombstones, a group's own after those of its offsets. */
    private void bury(List<GroupRecord> records) {
        for (int from = 0; from < records.size(); from += MAX_TOMBSTONES_PER_BATCH) {
            List<GroupRecord> batch = records.subList(from, Math.min(records.size(), from + MAX_TOMBSTONES_PER_BATCH));
            context.append(batch);
            batch.forEach(this::apply);
        }
    }

    private <R> CompletionStage<R> answer(R reply) {
        return context.carryOut(Decision.reply(reply));
    }
}
