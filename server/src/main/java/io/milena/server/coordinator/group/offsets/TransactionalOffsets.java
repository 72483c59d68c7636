package io.milena.server.coordinator.group.offsets;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitResponse;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.Decision;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.ShardContext;
import io.milena.server.coordinator.group.classic.ClassicGroup;
import io.milena.server.coordinator.group.classic.ClassicGroups;
import io.milena.server.coordinator.group.classic.GroupState;
import io.milena.server.coordinator.group.classic.MemberIdentity;
import io.milena.server.coordinator.group.consumer.ConsumerGroup;
import io.milena.server.coordinator.group.consumer.ConsumerGroups;
import io.milena.server.coordinator.group.consumer.OffsetRules;
import io.milena.server.coordinator.group.record.CommittedOffset;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.partition.TransactionGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commits of offsets in transactions. The first one of a transaction waits for the transaction's coordinator to say that this partition
 * belongs to it, like the first batch in any other partition.
 */
public final class TransactionalOffsets {
    private static final int EPOCH_BUMPING_VERSION = 2;

    private final ShardContext<GroupRecord> context;
    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final Function<String, UUID> topicIds;
    private final OffsetSettings settings;

    /** @param topicIds ids of topics by their names */
    public TransactionalOffsets(
            ShardContext<GroupRecord> context,
            ClassicGroups groups,
            ConsumerGroups consumerGroups,
            Function<String, UUID> topicIds,
            OffsetSettings settings) {
        this.context = context;
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.topicIds = topicIds;
        this.settings = settings;
    }

    /**
     * TxnOffsetCommit of partitions that exist.
     *
     * @param question asks the transaction's coordinator; null if nobody is to be asked
     * @throws CoordinatorException if the sender may not commit
     */
    public CompletionStage<List<TxnOffsetCommitResponse.Topic>> commit(
            TxnOffsetCommitRequest request, TransactionGate.@Nullable Question question) {
        ProducerIdentity producer = new ProducerIdentity(request.producerId(), request.producerEpoch());
        if (question == null || context.transactions().isOpen(producer)) {
            return carryOut(request, producer);
        }
        if (producer.producerEpoch() < context.transactions().epoch(producer.producerId())) {
            throw refused(ErrorCode.INVALID_PRODUCER_EPOCH, request);
        }
        int markers = context.transactions().markers(producer.producerId());
        return question.ask(producer.producerId(), producer.producerEpoch())
                .thenCompose(answer -> context.resume(() -> {
                    if (answer != ErrorCode.NONE) {
                        throw refused(answer, request);
                    }
                    boolean sharesEpoch = question.transactionVersion() < EPOCH_BUMPING_VERSION;
                    if (sharesEpoch && markers != context.transactions().markers(producer.producerId())) {
                        throw refused(ErrorCode.INVALID_TXN_STATE, request); // the answer is about an ended one
                    }
                    return carryOut(request, producer);
                }));
    }

    private CompletionStage<List<TxnOffsetCommitResponse.Topic>> carryOut(
            TxnOffsetCommitRequest request, ProducerIdentity producer) {
        check(request);
        long nowMs = context.nowMs();
        CommitRecords commit = new CommitRecords(request.groupId(), settings);
        List<TxnOffsetCommitResponse.Topic> replies =
                new ArrayList<>(request.topics().size());
        for (TxnOffsetCommitRequest.Topic topic : request.topics()) {
            List<TxnOffsetCommitResponse.Partition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (TxnOffsetCommitRequest.Partition partition : topic.partitions()) {
                CommittedOffset offset = new CommittedOffset(
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        Objects.requireNonNullElse(partition.committedMetadata(), ""),
                        nowMs,
                        CommittedOffset.NONE,
                        Uuids.ZERO);
                partitions.add(new TxnOffsetCommitResponse.Partition()
                        .partitionIndex(partition.partitionIndex())
                        .errorCode(commit.add(topic.name(), partition.partitionIndex(), offset)));
            }
            replies.add(new TxnOffsetCommitResponse.Topic().name(topic.name()).partitions(partitions));
        }
        return context.carryOut(new Decision<>(commit.records(), replies), producer);
    }

    /** Whoever names a member or a generation must be right; old clients name none, and may commit to any group. */
    private void check(TxnOffsetCommitRequest request) {
        ConsumerGroup consumers = consumerGroups.find(request.groupId());
        if (consumers != null) {
            OffsetRules.checkCommit(consumers, request, topicIds);
            return;
        }
        ClassicGroup group = groups.find(request.groupId());
        int generation = request.generationId();
        if (group == null) {
            if (generation >= 0) {
                throw refused(ErrorCode.ILLEGAL_GENERATION, request);
            }
            return;
        }
        MemberIdentity member = new MemberIdentity(request.memberId(), request.groupInstanceId());
        boolean isNamed = generation >= 0 || !member.memberId().isEmpty() || member.groupInstanceId() != null;
        if (!isNamed || (generation < 0 && group.state() == GroupState.EMPTY)) {
            return;
        }
        ErrorCode error = group.check(member);
        if (error == ErrorCode.NONE && generation != group.generation()) {
            error = ErrorCode.ILLEGAL_GENERATION;
        }
        if (error != ErrorCode.NONE) {
            throw refused(error, request);
        }
    }

    private static CoordinatorException refused(ErrorCode error, TxnOffsetCommitRequest request) {
        return new CoordinatorException(error, "transactional commit to group " + request.groupId() + " refused");
    }
}
