package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * OffsetFetch: what groups committed. All versions are answered in the form of version 8, one group or several with topics by name;
 * the older form, and the topic ids of version 10, are put on from outside.
 */
public final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequest, OffsetFetchResponse> {
    private static final int GROUP_ERROR_MIN_VERSION = 2;
    private static final int BATCH_MIN_VERSION = 8;
    private static final int TOPIC_ID_MIN_VERSION = 10;

    private final GroupCoordinator coordinator;
    private final ImageSource images;

    public OffsetFetchHandler(GroupCoordinator coordinator, ImageSource images) {
        this.coordinator = coordinator;
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.OFFSET_FETCH;
    }

    @Override
    public CompletionStage<OffsetFetchResponse> handle(OffsetFetchRequest request, RequestContext context) {
        int version = context.apiVersion();
        if (version < BATCH_MIN_VERSION) {
            return fetch(LegacyOffsetFetch.group(request), request.requireStable(), version)
                    .thenApply(LegacyOffsetFetch::response);
        }
        List<CompletionStage<OffsetFetchResponse.Group>> groups =
                new ArrayList<>(request.groups().size());
        for (OffsetFetchRequest.Group group : request.groups()) {
            groups.add(fetch(group, request.requireStable(), version));
        }
        return Replies.all(groups).thenApply(replies -> new OffsetFetchResponse().groups(replies));
    }

    private CompletionStage<OffsetFetchResponse.Group> fetch(
            OffsetFetchRequest.Group group, boolean stable, int version) {
        ClusterImage image = images.image();
        List<OffsetFetchResponse.GroupTopic> unknown = new ArrayList<>();
        OffsetFetchRequest.Group known = version < TOPIC_ID_MIN_VERSION ? group : named(group, image, unknown);
        CompletionStage<List<OffsetFetchResponse.GroupTopic>> offsets =
                stable ? coordinator.fetchStable(known) : coordinator.fetch(known);
        CompletionStage<OffsetFetchResponse.Group> fetched = offsets.thenApply(topics -> {
            List<OffsetFetchResponse.GroupTopic> all = version < TOPIC_ID_MIN_VERSION ? topics : withIds(topics, image);
            all.addAll(unknown);
            return new OffsetFetchResponse.Group().groupId(group.groupId()).topics(all);
        });
        return Replies.recover(fetched, error -> failed(group, error, version));
    }

    /** The group's request with names for its topic ids; ids that mean nothing are answered at once. */
    private static OffsetFetchRequest.Group named(
            OffsetFetchRequest.Group group, ClusterImage image, List<OffsetFetchResponse.GroupTopic> unknown) {
        if (group.topics() == null) {
            return group;
        }
        List<OffsetFetchRequest.GroupTopic> named =
                new ArrayList<>(group.topics().size());
        for (OffsetFetchRequest.GroupTopic wanted : group.topics()) {
            TopicImage topic = image.topic(wanted.topicId());
            if (topic == null) {
                unknown.add(failed(wanted, ErrorCode.UNKNOWN_TOPIC_ID));
            } else {
                named.add(wanted.name(topic.name()));
            }
        }
        return new OffsetFetchRequest.Group()
                .groupId(group.groupId())
                .memberId(group.memberId())
                .memberEpoch(group.memberEpoch())
                .topics(named);
    }

    /** Fills in the ids of topics that were found by name; one without an id cannot be told to the client. */
    private static List<OffsetFetchResponse.GroupTopic> withIds(
            List<OffsetFetchResponse.GroupTopic> topics, ClusterImage image) {
        List<OffsetFetchResponse.GroupTopic> identified = new ArrayList<>(topics.size());
        for (OffsetFetchResponse.GroupTopic topic : topics) {
            TopicImage known = image.topic(topic.name());
            if (!topic.topicId().equals(Uuids.ZERO)) {
                identified.add(topic);
            } else if (known != null) {
                identified.add(topic.topicId(known.id()));
            }
        }
        return identified;
    }

    private static OffsetFetchResponse.Group failed(OffsetFetchRequest.Group group, ErrorCode error, int version) {
        OffsetFetchResponse.Group failed = new OffsetFetchResponse.Group().groupId(group.groupId());
        if (version >= GROUP_ERROR_MIN_VERSION || group.topics() == null) {
            return failed.errorCode(error);
        }
        List<OffsetFetchResponse.GroupTopic> topics =
                new ArrayList<>(group.topics().size());
        group.topics().forEach(topic -> topics.add(failed(topic, error)));
        return failed.topics(topics);
    }

    private static OffsetFetchResponse.GroupTopic failed(OffsetFetchRequest.GroupTopic topic, ErrorCode error) {
        List<OffsetFetchResponse.GroupPartition> partitions =
                new ArrayList<>(topic.partitionIndexes().size());
        for (int partition : topic.partitionIndexes()) {
            partitions.add(new OffsetFetchResponse.GroupPartition()
                    .partitionIndex(partition)
                    .committedOffset(-1)
                    .errorCode(error));
        }
        return new OffsetFetchResponse.GroupTopic()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitions(partitions);
    }
}
