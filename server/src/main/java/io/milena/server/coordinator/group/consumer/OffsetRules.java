package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.server.coordinator.CoordinatorException;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who may commit and fetch the offsets of a consumer group. */
public final class OffsetRules {
    /** The first version of OffsetCommit that knows member epochs. */
    private static final int MEMBER_EPOCH_MIN_VERSION = 9;

    private OffsetRules() {}

    /**
     * OffsetCommit. Anybody may commit to a group without members; otherwise a member, with its epoch. An older epoch does for
     * partitions that it has had since (KIP-1251).
     *
     * @throws CoordinatorException with the error for the whole request
     */
    public static void checkCommit(ConsumerGroup group, OffsetCommitRequest request, int version) {
        int epoch = request.generationIdOrMemberEpoch();
        if (epoch < 0 && group.isEmpty()) {
            return;
        }
        ConsumerMember member = group.existing(request.memberId());
        if (!member.isClassic() && version < MEMBER_EPOCH_MIN_VERSION) {
            throw new CoordinatorException(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "OffsetCommit version 9 or above must be used by members using the consumer group protocol");
        }
        checkNotAhead(member, epoch);
        for (OffsetCommitRequest.Topic topic : request.topics()) {
            topic.partitions()
                    .forEach(partition -> checkHeldSince(member, epoch, topic.topicId(), partition.partitionIndex()));
        }
    }

    /**
     * TxnOffsetCommit, in which old clients name no member. Its clients do not know of member epochs.
     *
     * @param topicIds ids of topics by their names
     * @throws CoordinatorException with the error for the whole request
     */
    public static void checkCommit(
            ConsumerGroup group, TxnOffsetCommitRequest request, Function<String, UUID> topicIds) {
        int epoch = request.generationId();
        boolean isUnnamed = epoch == -1 && request.memberId().isEmpty() && request.groupInstanceId() == null;
        if (isUnnamed || (epoch < 0 && group.isEmpty())) {
            return;
        }
        ConsumerMember member = group.existing(request.memberId());
        try {
            checkNotAhead(member, epoch);
            for (TxnOffsetCommitRequest.Topic topic : request.topics()) {
                UUID id = topicIds.apply(topic.name());
                topic.partitions().forEach(partition -> checkHeldSince(member, epoch, id, partition.partitionIndex()));
            }
        } catch (CoordinatorException e) {
            throw new CoordinatorException(ErrorCode.ILLEGAL_GENERATION, String.valueOf(e.getMessage()));
        }
    }

    private static void checkNotAhead(ConsumerMember member, int epoch) {
        if (epoch > member.epoch()) {
            throw stale(member, "epoch " + epoch + " is newer than " + member.epoch());
        }
    }

    private static void checkHeldSince(ConsumerMember member, int epoch, UUID topic, int partition) {
        if (epoch == member.epoch()) {
            return;
        }
        Integer since = member.current().assigned().epoch(topic, partition);
        if (since == null) {
            since = member.current().pendingRevocation().epoch(topic, partition);
        }
        if (since == null || epoch < since) {
            throw stale(member, "partition " + partition + " was not held at epoch " + epoch);
        }
    }

    /**
     * OffsetFetch. Anybody may fetch who does not claim to be a member; members with their present epoch.
     *
     * @throws CoordinatorException with the error for the group
     */
    public static void checkFetch(ConsumerGroup group, @Nullable String memberId, int epoch) {
        if (memberId == null && epoch < 0) {
            return;
        }
        ConsumerMember member = group.existing(memberId == null ? "" : memberId);
        if (epoch != member.epoch()) {
            throw stale(member, "epoch " + epoch + " is not " + member.epoch());
        }
    }

    private static CoordinatorException stale(ConsumerMember member, String reason) {
        return new CoordinatorException(
                member.isClassic() ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH, reason);
    }
}
