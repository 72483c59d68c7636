package io.milena.server.handler.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DeleteTopicsRequest;
import io.milena.protocol.message.DeleteTopicsResponse;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.TestRequests;
import io.milena.server.strand.ManualTimers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeleteTopicsHandlerTest {
    private ManualCluster cluster = new ManualCluster(Map.of());

    @Test
    void shouldDeleteByName() {
        cluster.create("a", 1);
        DeleteTopicsResponse response = call(1, named("a", "b", "c", "c"));
        assertThat(response.responses())
                .extracting(DeleteTopicsResponse.Topic::name, DeleteTopicsResponse.Topic::errorCode)
                .containsExactlyInAnyOrder(
                        tuple("a", ErrorCode.NONE),
                        tuple("b", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
                        tuple("c", ErrorCode.INVALID_REQUEST));
        assertThat(cluster.controller().image().topicCount()).isZero();
    }

    @Test
    void shouldDeleteByNameOrId() {
        TopicImage first = cluster.create("first", 1);
        TopicImage second = cluster.create("second", 1);
        TopicImage third = cluster.create("third", 1);
        UUID unknown = new UUID(4, 2);
        DeleteTopicsResponse response = call(
                6,
                new DeleteTopicsRequest()
                        .timeoutMs(100)
                        .topics(List.of(
                                topic("first", Uuids.ZERO),
                                topic(null, second.id()),
                                topic(null, unknown),
                                topic(null, Uuids.ZERO),
                                topic("first", first.id()),
                                topic("third", Uuids.ZERO),
                                topic(null, third.id()))));
        assertThat(response.responses())
                .extracting(
                        DeleteTopicsResponse.Topic::name,
                        DeleteTopicsResponse.Topic::topicId,
                        DeleteTopicsResponse.Topic::errorCode)
                .containsExactlyInAnyOrder(
                        tuple("first", first.id(), ErrorCode.NONE),
                        tuple("second", second.id(), ErrorCode.NONE),
                        tuple(null, unknown, ErrorCode.UNKNOWN_TOPIC_ID),
                        tuple(null, Uuids.ZERO, ErrorCode.INVALID_REQUEST),
                        tuple("first", first.id(), ErrorCode.INVALID_REQUEST),
                        tuple("third", third.id(), ErrorCode.INVALID_REQUEST));
        assertThat(cluster.controller().image().topics()).containsExactly(third);
    }

    @Test
    void shouldRefuseWhenDeletionIsSwitchedOff() {
        cluster = new ManualCluster(Map.of("delete.topic.enable", "false"));
        cluster.create("a", 1);
        assertThat(call(2, named("a")).responses().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(call(5, named("a")).responses().get(0).errorCode()).isEqualTo(ErrorCode.TOPIC_DELETION_DISABLED);
        assertThat(cluster.controller().image().topicCount()).isOne();
    }

    @Test
    void shouldTellThatTheDiskFailed() {
        cluster.create("a", 1);
        cluster.breakDisk();
        assertThat(call(5, named("a")).responses().get(0).errorCode()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    private DeleteTopicsResponse call(int version, DeleteTopicsRequest request) {
        DeleteTopicsHandler handler =
                new DeleteTopicsHandler(cluster.controller(), cluster.settings(), new ManualTimers());
        return cluster.await(handler.handle(request, TestRequests.context(ApiKey.DELETE_TOPICS, version)));
    }

    private static DeleteTopicsRequest named(String... names) {
        return new DeleteTopicsRequest().timeoutMs(100).topicNames(List.of(names));
    }

    private static DeleteTopicsRequest.Topic topic(@Nullable String name, UUID id) {
        return new DeleteTopicsRequest.Topic().name(name).topicId(id);
    }
}
