package io.milena.server.coordinator.group.offsets;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.server.coordinator.group.offsets.PendingTransactionOffsets.Place;
import io.milena.server.coordinator.group.record.CommittedOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers OffsetFetch from the offsets of a shard. An offset that was never committed is -1, which is no error. */
public final class OffsetFetcher {
    private static final long NO_OFFSET = -1;

    private final CommittedOffsets offsets;
    private final PendingTransactionOffsets pending;

    public OffsetFetcher(CommittedOffsets offsets, PendingTransactionOffsets pending) {
        this.offsets = offsets;
        this.pending = pending;
    }

    /** The same as {@link #fetch}, but an offset that an undecided transaction may change is {@code UNSTABLE_OFFSET_COMMIT}. */
    public List<OffsetFetchResponse.GroupTopic> fetchStable(OffsetFetchRequest.Group request) {
        List<OffsetFetchResponse.GroupTopic> topics = fetch(request);
        if (!pending.of(request.groupId()).isEmpty()) {
            for (OffsetFetchResponse.GroupTopic topic : topics) {
                topic.partitions().replaceAll(answer -> {
                    int partition = answer.partitionIndex();
                    return pending.isPending(new Place(request.groupId(), topic.name(), partition))
                            ? missing(partition).errorCode(ErrorCode.UNSTABLE_OFFSET_COMMIT)
                            : answer;
                });
            }
        }
        return topics;
    }

    /** The offsets asked for, by topic name; all the group has if no topics are named at all. */
    public List<OffsetFetchResponse.GroupTopic> fetch(OffsetFetchRequest.Group request) {
        Map<String, Map<Integer, CommittedOffset>> committed = offsets.of(request.groupId());
        List<OffsetFetchResponse.GroupTopic> topics = new ArrayList<>();
        List<OffsetFetchRequest.GroupTopic> wanted = request.topics();
        if (wanted == null) {
            committed.forEach((topic, partitions) -> topics.add(all(topic, partitions)));
        } else {
            for (OffsetFetchRequest.GroupTopic topic : wanted) {
                topics.add(some(topic, committed.getOrDefault(topic.name(), Map.of())));
            }
        }
        return topics;
    }

    private static OffsetFetchResponse.GroupTopic all(String topic, Map<Integer, CommittedOffset> committed) {
        List<OffsetFetchResponse.GroupPartition> partitions = new ArrayList<>(committed.size());
        committed.forEach((partition, offset) -> partitions.add(found(partition, offset)));
        return new OffsetFetchResponse.GroupTopic().name(topic).partitions(partitions);
    }

    private static OffsetFetchResponse.GroupTopic some(
            OffsetFetchRequest.GroupTopic wanted, Map<Integer, CommittedOffset> committed) {
        List<OffsetFetchResponse.GroupPartition> partitions =
                new ArrayList<>(wanted.partitionIndexes().size());
        for (int partition : wanted.partitionIndexes()) {
            CommittedOffset offset = committed.get(partition);
            partitions.add(
                    offset != null && isSameTopic(offset.topicId(), wanted.topicId())
                            ? found(partition, offset)
                            : missing(partition));
        }
        return new OffsetFetchResponse.GroupTopic()
                .name(wanted.name())
                .topicId(wanted.topicId())
                .partitions(partitions);
    }

    /** A topic that was deleted and made anew is another one; old records and old requests do not tell. */
    private static boolean isSameTopic(UUID committed, @Nullable UUID wanted) {
        return wanted == null || wanted.equals(Uuids.ZERO) || committed.equals(Uuids.ZERO) || committed.equals(wanted);
    }

    private static OffsetFetchResponse.GroupPartition found(int partition, CommittedOffset offset) {
        return new OffsetFetchResponse.GroupPartition()
                .partitionIndex(partition)
                .committedOffset(offset.offset())
                .committedLeaderEpoch(offset.leaderEpoch())
                .metadata(offset.metadata());
    }

    private static OffsetFetchResponse.GroupPartition missing(int partition) {
        return new OffsetFetchResponse.GroupPartition()
                .partitionIndex(partition)
                .committedOffset(NO_OFFSET)
                .committedLeaderEpoch(CommittedOffset.NONE)
                .metadata("");
    }
}
