package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** OffsetDelete: forgets a group's positions in partitions it no longer reads. Partitions that do not exist are refused. */
public final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequest, OffsetDeleteResponse> {
    private final GroupCoordinator coordinator;
    private final ImageSource images;

    public OffsetDeleteHandler(GroupCoordinator coordinator, ImageSource images) {
        this.coordinator = coordinator;
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<OffsetDeleteResponse> handle(OffsetDeleteRequest request, RequestContext context) {
        ClusterImage image = images.image();
        List<OffsetDeleteRequest.Topic> known = new ArrayList<>();
        List<OffsetDeleteResponse.Topic> replies = new ArrayList<>();
        List<OffsetDeleteResponse.Topic> knownReplies = new ArrayList<>();
        for (OffsetDeleteRequest.Topic wanted : request.topics()) {
            TopicImage topic = image.topic(wanted.name());
            List<OffsetDeleteRequest.Partition> existing = new ArrayList<>();
            List<OffsetDeleteResponse.Partition> answered = new ArrayList<>();
            for (OffsetDeleteRequest.Partition partition : wanted.partitions()) {
                if (topic != null && topic.partition(partition.partitionIndex()) != null) {
                    existing.add(partition);
                } else {
                    answered.add(new OffsetDeleteResponse.Partition()
                            .partitionIndex(partition.partitionIndex())
                            .errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
                }
            }
            OffsetDeleteResponse.Topic reply =
                    new OffsetDeleteResponse.Topic().name(wanted.name()).partitions(answered);
            replies.add(reply);
            if (!existing.isEmpty()) {
                known.add(new OffsetDeleteRequest.Topic().name(wanted.name()).partitions(existing));
                knownReplies.add(reply);
            }
        }
        CompletionStage<OffsetDeleteResponse> response = coordinator
                .deleteOffsets(
                        new OffsetDeleteRequest().groupId(request.groupId()).topics(known))
                .thenApply(answers -> {
                    for (int i = 0; i < answers.size(); i++) {
                        knownReplies.get(i).partitions().addAll(answers.get(i).partitions());
                    }
                    return new OffsetDeleteResponse().topics(replies);
                });
        return Replies.recover(response, error -> new OffsetDeleteResponse().errorCode(error));
    }
}
