package io.milena.server.handler.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.AuthorizedOperations;
import io.milena.server.request.TestRequests;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetadataHandlerTest {
    private ManualCluster cluster = new ManualCluster(Map.of());

    @Test
    void shouldTellBrokersAndAllTopics() {
        cluster.create("a", 2);
        MetadataResponse response = call(13, new MetadataRequest().topics(null));
        assertThat(response.brokers())
                .containsExactly(new MetadataResponse.Broker()
                        .nodeId(1)
                        .host("127.0.0.1")
                        .port(9092)
                        .rack("r1"));
        assertThat(response.clusterId()).isEqualTo("cluster");
        assertThat(response.controllerId()).isEqualTo(1);
        assertThat(response.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("a");
            assertThat(topic.partitions()).hasSize(2).allMatch(partition -> partition.leaderId() == 1);
        });
    }

    @Test
    void shouldTakeAnEmptyListForAllOnlyInVersionZero() {
        cluster.create("a", 1);
        assertThat(call(0, new MetadataRequest().topics(List.of())).topics()).hasSize(1);
        assertThat(call(1, new MetadataRequest().topics(List.of())).topics()).isEmpty();
    }

    @Test
    void shouldCreateMissingTopicsBeforeItAnswers() {
        CompletionStage<MetadataResponse> waiting = handle(13, named("new", "new", "bad name"));
        assertThat(waiting.toCompletableFuture()).isNotDone();
        MetadataResponse response = cluster.await(waiting);
        assertThat(response.topics())
                .extracting(MetadataResponse.Topic::name, MetadataResponse.Topic::errorCode)
                .containsExactly(tuple("new", ErrorCode.NONE), tuple("bad name", ErrorCode.INVALID_TOPIC_EXCEPTION));
        assertThat(cluster.controller().image().topic("new")).isNotNull();
    }

    @Test
    void shouldCreateTheTopicOfOffsetsAsItMustBe() {
        MetadataResponse response = cluster.await(handle(13, named(TopicImage.CONSUMER_OFFSETS)));
        assertThat(response.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.isInternal()).isTrue();
            assertThat(topic.partitions()).hasSize(50);
        });
    }

    @Test
    void shouldNotCreateNamesThatAreKept() {
        MetadataResponse response = cluster.await(handle(13, named(TopicImage.CLUSTER_METADATA)));
        assertErrors(response, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldNotCreateWhenTheClientOrTheBrokerDoesNotWantIt() {
        assertErrors(
                call(13, named("a", "bad name").allowAutoTopicCreation(false)),
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                ErrorCode.INVALID_TOPIC_EXCEPTION);
        cluster = new ManualCluster(Map.of("auto.create.topics.enable", "false"));
        assertErrors(call(13, named("a")), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldTellThatATopicCannotBeCreated() {
        cluster.breakDisk();
        assertErrors(cluster.await(handle(13, named("a"))), ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldFindTopicsById() {
        TopicImage topic = cluster.create("a", 1);
        UUID unknown = new UUID(4, 2);
        MetadataResponse response = call(12, identified(topic.id(), unknown));
        assertThat(response.topics()).hasSize(2);
        assertThat(response.topics().get(0).name()).isEqualTo("a");
        assertThat(response.topics().get(1))
                .isEqualTo(new MetadataResponse.Topic()
                        .errorCode(ErrorCode.UNKNOWN_TOPIC_ID)
                        .name(null)
                        .topicId(unknown));
    }

    @Test
    void shouldRefuseTopicsWithoutNameAsAWhole() {
        TopicImage topic = cluster.create("a", 1);
        assertErrors(call(11, identified(topic.id())), ErrorCode.INVALID_REQUEST);
        assertErrors(call(12, identified(Uuids.ZERO)), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldTellOperationsOnlyWhenAsked() {
        cluster.create("a", 1);
        MetadataRequest request = named("a");
        assertThat(call(8, request).clusterAuthorizedOperations()).isEqualTo(AuthorizedOperations.NOT_ASKED);
        MetadataResponse response =
                call(8, request.includeClusterAuthorizedOperations(true).includeTopicAuthorizedOperations(true));
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(8096);
        assertThat(response.topics().get(0).topicAuthorizedOperations()).isEqualTo(3576);
    }

    private static void assertErrors(MetadataResponse response, ErrorCode... errors) {
        assertThat(response.topics())
                .extracting(MetadataResponse.Topic::errorCode)
                .containsExactly(errors);
    }

    private MetadataResponse call(int version, MetadataRequest request) {
        CompletableFuture<MetadataResponse> response = handle(version, request).toCompletableFuture();
        assertThat(response).isCompleted();
        return response.join();
    }

    private CompletionStage<MetadataResponse> handle(int version, MetadataRequest request) {
        return new MetadataHandler(cluster.controller(), cluster.settings())
                .handle(request, TestRequests.context(ApiKey.METADATA, version));
    }

    private static MetadataRequest named(String... names) {
        return new MetadataRequest()
                .topics(Arrays.stream(names)
                        .map(name -> topic(name, Uuids.ZERO))
                        .toList());
    }

    private static MetadataRequest identified(UUID... ids) {
        return new MetadataRequest()
                .topics(Arrays.stream(ids).map(id -> topic(null, id)).toList());
    }

    private static MetadataRequest.Topic topic(@Nullable String name, UUID id) {
        return new MetadataRequest.Topic().name(name).topicId(id);
    }
}
