package io.milena.server.handler.group;

import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.List;

/** OffsetFetch before version 8: one group, whose topics are fields of the message itself. */
final class LegacyOffsetFetch {
    private LegacyOffsetFetch() {}

    static OffsetFetchRequest.Group group(OffsetFetchRequest request) {
        OffsetFetchRequest.Group group = new OffsetFetchRequest.Group().groupId(request.groupId());
        if (request.topics() == null) {
            return group.topics(null);
        }
        List<OffsetFetchRequest.GroupTopic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetFetchRequest.Topic topic : request.topics()) {
            topics.add(
                    new OffsetFetchRequest.GroupTopic().name(topic.name()).partitionIndexes(topic.partitionIndexes()));
        }
        return group.topics(topics);
    }

    static OffsetFetchResponse response(OffsetFetchResponse.Group group) {
        List<OffsetFetchResponse.Topic> topics = new ArrayList<>(group.topics().size());
        for (OffsetFetchResponse.GroupTopic topic : group.topics()) {
            List<OffsetFetchResponse.Partition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetFetchResponse.GroupPartition partition : topic.partitions()) {
                partitions.add(new OffsetFetchResponse.Partition()
                        .partitionIndex(partition.partitionIndex())
                        .committedOffset(partition.committedOffset())
                        .committedLeaderEpoch(partition.committedLeaderEpoch())
                        .metadata(partition.metadata())
                        .errorCode(partition.errorCode()));
            }
            topics.add(new OffsetFetchResponse.Topic().name(topic.name()).partitions(partitions));
        }
        return new OffsetFetchResponse().errorCode(group.errorCode()).topics(topics);
    }
}
