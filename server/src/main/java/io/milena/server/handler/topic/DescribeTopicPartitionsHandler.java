package io.milena.server.handler.topic;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTopicPartitionsRequest;
import io.milena.protocol.message.DescribeTopicPartitionsResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.ListenerView;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.AuthorizedOperations;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Describes topics by name, page by page: a request may begin at a cursor, and an answer may end with one (KIP-966). */
public final class DescribeTopicPartitionsHandler
        implements ApiHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> {
    private final ImageSource images;
    private final BrokerSettings settings;

    public DescribeTopicPartitionsHandler(ImageSource images, BrokerSettings settings) {
        this.images = images;
        this.settings = settings;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public CompletionStage<DescribeTopicPartitionsResponse> handle(
            DescribeTopicPartitionsRequest request, RequestContext context) {
        ClusterImage image = images.image();
        DescribeTopicPartitionsRequest.Cursor cursor = request.cursor();
        String firstTopic = cursor == null ? "" : cursor.topicName();
        TreeSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            image.topics().forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
            if (cursor != null && !names.contains(firstTopic)) {
                return CompletableFuture.completedStage(invalid(request));
            }
        }
        if (cursor != null && cursor.partitionIndex() < 0) {
            return CompletableFuture.completedStage(invalid(request));
        }
        int limit = Math.max(Math.min(settings.maxRequestPartitions(), request.responsePartitionLimit()), 1);
        Page page = new Page(image, new ListenerView(image, context.listenerName(), context.localAddress()), limit);
        for (String name : names.tailSet(firstTopic)) {
            int firstPartition = cursor != null && name.equals(firstTopic) ? cursor.partitionIndex() : 0;
            if (!page.add(name, firstPartition)) {
                break;
            }
        }
        return CompletableFuture.completedStage(page.response);
    }

    /** Kafka tells a broken cursor as an error of every topic. */
    private static DescribeTopicPartitionsResponse invalid(DescribeTopicPartitionsRequest request) {
        return new DescribeTopicPartitionsResponse()
                .topics(request.topics().stream()
                        .map(topic -> new DescribeTopicPartitionsResponse.Topic()
                                .name(topic.name())
                                .errorCode(ErrorCode.INVALID_REQUEST))
                        .toList());
    }

    /** One answer, until it is full. */
    private static final class Page {
        private final ClusterImage image;
        private final ListenerView view;
        private final List<DescribeTopicPartitionsResponse.Topic> topics = new ArrayList<>();
        private final DescribeTopicPartitionsResponse response = new DescribeTopicPartitionsResponse().topics(topics);
        private int room;

        Page(ClusterImage image, ListenerView view, int room) {
            this.image = image;
            this.view = view;
            this.room = room;
        }

        /** Adds a topic from a partition on; false if not all of it found room, then the cursor is set. */
        boolean add(String name, int firstPartition) {
            if (room == 0) {
                endAt(name, 0);
                return false;
            }
            TopicImage topic = image.topic(name);
            if (topic == null) {
                topics.add(new DescribeTopicPartitionsResponse.Topic()
                        .name(name)
                        .errorCode(TopicCreation.missing(name))
                        .isInternal(TopicImage.isInternal(name))
                        .topicAuthorizedOperations(AuthorizedOperations.ALL_OF_TOPIC));
                return true;
            }
            int count = topic.partitions().size();
            int begin = Math.min(firstPartition, count);
            int end = begin + Math.min(room, count - begin);
            topics.add(describe(topic, topic.partitions().subList(begin, end)));
            room -= end - begin;
            if (end < count) {
                endAt(name, end);
            }
            return end == count;
        }

        private void endAt(String name, int partition) {
            response.nextCursor(
                    new DescribeTopicPartitionsResponse.Cursor().topicName(name).partitionIndex(partition));
        }

        private DescribeTopicPartitionsResponse.Topic describe(TopicImage topic, List<PartitionImage> partitions) {
            return new DescribeTopicPartitionsResponse.Topic()
                    .name(topic.name())
                    .topicId(topic.id())
                    .isInternal(topic.isInternal())
                    .topicAuthorizedOperations(AuthorizedOperations.ALL_OF_TOPIC)
                    .partitions(partitions.stream().map(this::describe).toList());
        }

        private DescribeTopicPartitionsResponse.Partition describe(PartitionImage partition) {
            return new DescribeTopicPartitionsResponse.Partition()
                    .partitionIndex(partition.index())
                    .leaderId(view.leader(partition))
                    .leaderEpoch(partition.leaderEpoch())
                    .replicaNodes(partition.replicas())
                    .isrNodes(partition.isr())
                    .eligibleLeaderReplicas(List.of())
                    .lastKnownElr(List.of())
                    .offlineReplicas(view.offlineReplicas(partition));
        }
    }
}
