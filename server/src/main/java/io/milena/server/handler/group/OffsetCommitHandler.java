package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** OffsetCommit: a group's positions in partitions. Partitions that do not exist are refused, the others go to the coordinator. */
public final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequest, OffsetCommitResponse> {
    private static final int TOPIC_ID_MIN_VERSION = 10;

    private final GroupCoordinator coordinator;
    private final ImageSource images;

    public OffsetCommitHandler(GroupCoordinator coordinator, ImageSource images) {
        this.coordinator = coordinator;
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.OFFSET_COMMIT;
    }

    /** The order of commits is settled on the shard's strand. */
    @Override
    public boolean overlaps() {
        return true;
    }

    @Override
    public CompletionStage<OffsetCommitResponse> handle(OffsetCommitRequest request, RequestContext context) {
        int version = context.apiVersion();
        Screening screening = new Screening(images.image(), version >= TOPIC_ID_MIN_VERSION);
        request.topics().forEach(screening::screen);
        if (screening.accepted.isEmpty()) {
            return CompletableFuture.completedFuture(new OffsetCommitResponse().topics(screening.replies));
        }
        OffsetCommitRequest accepted = new OffsetCommitRequest()
                .groupId(request.groupId())
                .generationIdOrMemberEpoch(request.generationIdOrMemberEpoch())
                .memberId(request.memberId())
                .groupInstanceId(request.groupInstanceId())
                .retentionTimeMs(request.retentionTimeMs())
                .topics(screening.accepted);
        return Replies.recover(coordinator.commit(accepted, version), screening::refuseAll)
                .thenApply(screening::response);
    }

    /** Sorts out what does not exist, and puts the answers together again in the order of the request. */
    private static final class Screening {
        private final ClusterImage image;
        private final boolean byId;
        private final List<OffsetCommitRequest.Topic> accepted = new ArrayList<>();
        private final List<OffsetCommitResponse.Topic> acceptedReplies = new ArrayList<>();
        private final List<OffsetCommitResponse.Topic> replies = new ArrayList<>();

        Screening(ClusterImage image, boolean byId) {
            this.image = image;
            this.byId = byId;
        }

        void screen(OffsetCommitRequest.Topic wanted) {
            TopicImage topic = byId ? image.topic(wanted.topicId()) : image.topic(wanted.name());
            ErrorCode missing =
                    byId && topic == null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            List<OffsetCommitRequest.Partition> known =
                    new ArrayList<>(wanted.partitions().size());
            List<OffsetCommitResponse.Partition> answered = new ArrayList<>();
            for (OffsetCommitRequest.Partition partition : wanted.partitions()) {
                if (exists(topic, partition.partitionIndex())) {
                    known.add(partition);
                } else {
                    answered.add(answer(partition.partitionIndex(), missing));
                }
            }
            OffsetCommitResponse.Topic reply = new OffsetCommitResponse.Topic()
                    .name(wanted.name())
                    .topicId(wanted.topicId())
                    .partitions(answered);
            replies.add(reply);
            if (topic != null && !known.isEmpty()) {
                accepted.add(new OffsetCommitRequest.Topic()
                        .name(topic.name())
                        .topicId(topic.id())
                        .partitions(known));
                acceptedReplies.add(reply);
            }
        }

        private static boolean exists(@Nullable TopicImage topic, int partition) {
            return topic != null && topic.partition(partition) != null;
        }

        List<OffsetCommitResponse.Topic> refuseAll(ErrorCode error) {
            List<OffsetCommitResponse.Topic> refused = new ArrayList<>(accepted.size());
            for (OffsetCommitRequest.Topic topic : accepted) {
                List<OffsetCommitResponse.Partition> partitions =
                        new ArrayList<>(topic.partitions().size());
                topic.partitions().forEach(partition -> partitions.add(answer(partition.partitionIndex(), error)));
                refused.add(new OffsetCommitResponse.Topic().partitions(partitions));
            }
            return refused;
        }

        OffsetCommitResponse response(List<OffsetCommitResponse.Topic> answers) {
            for (int i = 0; i < answers.size(); i++) {
                acceptedReplies.get(i).partitions().addAll(answers.get(i).partitions());
            }
            return new OffsetCommitResponse().topics(replies);
        }

        private static OffsetCommitResponse.Partition answer(int partition, ErrorCode error) {
            return new OffsetCommitResponse.Partition()
                    .partitionIndex(partition)
                    .errorCode(error);
        }
    }
}
