package io.milena.server.handler.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateTopicsRequest;
import io.milena.protocol.message.CreateTopicsResponse;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.TestRequests;
import io.milena.server.strand.ManualTimers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CreateTopicsHandlerTest {
    private final ManualCluster cluster = new ManualCluster(Map.of("num.partitions", "4", "log.retention.hours", "2"));
    private final ManualTimers timers = new ManualTimers();
    private final CreateTopicsHandler handler = new CreateTopicsHandler(cluster.controller(), timers);

    @Test
    void shouldTellWhatWasCreated() {
        CreateTopicsResponse.Topic answer = call(topics(topic("a")
                        .numPartitions(-1)
                        .replicationFactor((short) -1)
                        .configs(List.of(config("cleanup.policy", "compact")))))
                .topics()
                .get(0);
        TopicImage topic = Objects.requireNonNull(cluster.controller().image().topic("a"));
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.topicId()).isEqualTo(topic.id());
        assertThat(answer.numPartitions()).isEqualTo(4);
        assertThat(answer.replicationFactor()).isEqualTo((short) 1);
        assertThat(answer.configs())
                .extracting(
                        CreateTopicsResponse.Config::name,
                        CreateTopicsResponse.Config::value,
                        CreateTopicsResponse.Config::configSource)
                .contains(
                        tuple("cleanup.policy", "compact", (byte) 1),
                        tuple("retention.ms", "7200000", (byte) 4),
                        tuple("segment.bytes", "1073741824", (byte) 5));
    }

    @Test
    void shouldRefuseEachBadTopicAndCreateTheOthers() {
        cluster.create("there", 1);
        CreateTopicsResponse response = call(topics(
                topic("good"),
                topic("there"),
                topic("bad name"),
                topic("none").numPartitions(0),
                topic("wide").replicationFactor((short) 3),
                topic("odd").configs(List.of(config("odd", "1"))),
                topic("twice"),
                topic("twice"),
                topic(TopicImage.CLUSTER_METADATA)));
        assertThat(response.topics())
                .extracting(CreateTopicsResponse.Topic::name, CreateTopicsResponse.Topic::errorCode)
                .containsExactlyInAnyOrder(
                        tuple("good", ErrorCode.NONE),
                        tuple("there", ErrorCode.TOPIC_ALREADY_EXISTS),
                        tuple("bad name", ErrorCode.INVALID_TOPIC_EXCEPTION),
                        tuple("none", ErrorCode.INVALID_PARTITIONS),
                        tuple("wide", ErrorCode.INVALID_REPLICATION_FACTOR),
                        tuple("odd", ErrorCode.INVALID_CONFIG),
                        tuple("twice", ErrorCode.INVALID_REQUEST),
                        tuple(TopicImage.CLUSTER_METADATA, ErrorCode.INVALID_REQUEST));
        assertThat(cluster.controller().image().topicCount()).isEqualTo(2);
    }

    @Test
    void shouldOnlyTryWhenAsked() {
        assertThat(call(topics(topic("a")).validateOnly(true)).topics().get(0).errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThat(cluster.controller().image().topicCount()).isZero();
    }

    @Test
    void shouldTellWhenItTakesTooLong() {
        CompletionStage<CreateTopicsResponse> waiting =
                handle(topics(topic("a")).timeoutMs(100));
        timers.advance(100);
        assertThat(waiting.toCompletableFuture()).isCompleted();
        assertThat(cluster.await(waiting).topics().get(0).errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(cluster.controller().image().topic("a")).isNotNull();
    }

    @Test
    void shouldBeginNothingWithoutTime() {
        assertThat(call(topics(topic("a")).timeoutMs(0)).topics().get(0).errorCode())
                .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(cluster.controller().image().topicCount()).isZero();
    }

    @Test
    void shouldForgetItsTimersWhenItIsDone() {
        call(topics(topic("a")));
        assertThat(timers.waiting()).isZero();
    }

    private CreateTopicsResponse call(CreateTopicsRequest request) {
        return cluster.await(handle(request));
    }

    private CompletionStage<CreateTopicsResponse> handle(CreateTopicsRequest request) {
        return handler.handle(request, TestRequests.context(ApiKey.CREATE_TOPICS, 7));
    }

    private static CreateTopicsRequest topics(CreateTopicsRequest.Topic... topics) {
        return new CreateTopicsRequest().topics(List.of(topics));
    }

    private static CreateTopicsRequest.Topic topic(String name) {
        return new CreateTopicsRequest.Topic().name(name).numPartitions(1).replicationFactor((short) 1);
    }

    private static CreateTopicsRequest.Config config(String name, String value) {
        return new CreateTopicsRequest.Config().name(name).value(value);
    }
}
