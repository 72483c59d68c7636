package io.milena.server.handler.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreatePartitionsRequest;
import io.milena.protocol.message.CreatePartitionsResponse;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.request.TestRequests;
import io.milena.server.strand.ManualTimers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CreatePartitionsHandlerTest {
    private static final int TIMEOUT_MS = 1000;

    private final ManualCluster cluster = new ManualCluster(Map.of());
    private final CreatePartitionsHandler handler =
            new CreatePartitionsHandler(cluster.controller(), new ManualTimers());

    @Test
    void shouldAddPartitionsAndKeepThoseThatAreThere() {
        var before = cluster.create("a", 2);
        assertThat(call(topic("a", 4)).get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        var after = Objects.requireNonNull(cluster.controller().image().topic("a"));
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.partitions()).hasSize(4).startsWith(before.partition(0), before.partition(1));
        assertThat(after.partitions().get(3).leader()).isEqualTo(1);
    }

    @Test
    void shouldAnswerEachTopic() {
        cluster.create("a", 2);
        cluster.create("b", 2);
        cluster.create("c", 2);
        assertThat(call(
                        topic("a", 3, 1),
                        topic("b", 3, 7),
                        topic("c", 2),
                        topic("absent", 2),
                        topic("twice", 1),
                        topic("twice", 2)))
                .extracting(CreatePartitionsResponse.Topic::name, CreatePartitionsResponse.Topic::errorCode)
                .containsExactlyInAnyOrder(
                        tuple("a", ErrorCode.NONE),
                        tuple("b", ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                        tuple("c", ErrorCode.INVALID_PARTITIONS),
                        tuple("absent", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
                        tuple("twice", ErrorCode.INVALID_REQUEST));
    }

    @Test
    void shouldLimitWhatOneRequestAdds() {
        cluster.create("a", 1);
        assertThat(call(topic("a", Integer.MAX_VALUE)).get(0).errorCode()).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(call(topic("a", Integer.MIN_VALUE)).get(0).errorCode()).isEqualTo(ErrorCode.INVALID_PARTITIONS);
    }

    private List<CreatePartitionsResponse.Topic> call(CreatePartitionsRequest.Topic... topics) {
        CreatePartitionsRequest request =
                new CreatePartitionsRequest().topics(List.of(topics)).timeoutMs(TIMEOUT_MS);
        return cluster.await(handler.handle(request, TestRequests.context(ApiKey.CREATE_PARTITIONS, 3)))
                .results();
    }

    private static CreatePartitionsRequest.Topic topic(String name, int count) {
        return new CreatePartitionsRequest.Topic().name(name).count(count).assignments(null);
    }

    /** One new partition, assigned to one broker. */
    private static CreatePartitionsRequest.Topic topic(String name, int count, int broker) {
        return topic(name, count)
                .assignments(List.of(new CreatePartitionsRequest.Assignment().brokerIds(List.of(broker))));
    }
}
