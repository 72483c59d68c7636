package io.milena.server.handler.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.server.cluster.TestImages;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.group.GroupFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindCoordinatorHandlerTest {
    private static final String OFFSETS = "__consumer_offsets";
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;

    private final GroupRequests requests = new GroupRequests(new GroupFixture());
    private final TestImages images = new TestImages();
    private final List<String> created = new ArrayList<>();
    private final CompletableFuture<Void> creation = new CompletableFuture<>();
    private final FindCoordinatorHandler handler = new FindCoordinatorHandler(images.source(), topic -> {
        created.add(topic);
        return creation;
    });

    private static FindCoordinatorRequest batch(byte keyType, String... keys) {
        return new FindCoordinatorRequest().keyType(keyType).coordinatorKeys(List.of(keys));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldFindOneGroupInOlderVersions(int version) {
        images.topic(OFFSETS, new UUID(0, 9), 50);
        FindCoordinatorResponse response = requests.send(handler, new FindCoordinatorRequest().key("g"), version);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.nodeId()).isEqualTo(1);
        assertThat(response.host()).isEqualTo("broker");
        assertThat(response.port()).isEqualTo(9092);
        assertThat(response.errorMessage()).isEqualTo(version == 0 ? "" : "NONE");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6})
    void shouldFindSeveralGroupsInNewerVersions(int version) {
        images.topic(OFFSETS, new UUID(0, 9), 50);
        FindCoordinatorResponse response = requests.send(handler, batch((byte) 0, "g", "h"), version);

        assertThat(response.coordinators())
                .extracting(FindCoordinatorResponse.Coordinator::key)
                .containsExactly("g", "h");
        assertThat(response.coordinators())
                .extracting(FindCoordinatorResponse.Coordinator::nodeId)
                .containsOnly(1);
    }

    @Test
    void shouldMakeTheTopicOfGroupsAndThenAnswer() {
        CompletionStage<FindCoordinatorResponse> response = requests.begin(handler, batch((byte) 0, "g"), 6);
        assertThat(response.toCompletableFuture()).isNotDone();
        images.topic(OFFSETS, new UUID(0, 9), 50);
        creation.complete(null);

        assertThat(requests.receive(handler, response, 6).coordinators().get(0).nodeId())
                .isEqualTo(1);
        assertThat(created).containsExactly(OFFSETS);
    }

    @Test
    void shouldLetClientsTryAgainIfTheTopicCannotBeMade() {
        creation.completeExceptionally(new IllegalStateException("no"));
        FindCoordinatorResponse.Coordinator coordinator =
                requests.send(handler, batch((byte) 0, "g"), 6).coordinators().get(0);

        assertThat(coordinator.errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(coordinator.nodeId()).isEqualTo(-1);
        assertThat(coordinator.host()).isEmpty();
        assertThat(coordinator.port()).isEqualTo(-1);
    }

    @Test
    void shouldFindTransactionsAndCreateTheirTopic() {
        creation.complete(null);
        requests.send(handler, batch(TRANSACTION, "t"), 6);
        assertThat(created).containsExactly("__transaction_state");
        images.topic("__transaction_state", new UUID(0, 8), 50);
        assertThat(requests.send(handler, batch(TRANSACTION, "t"), 6)
                        .coordinators()
                        .get(0)
                        .nodeId())
                .isEqualTo(1);
    }

    @Test
    void shouldKnowNoOtherCoordinators() {
        assertThat(requests.send(handler, batch(SHARE, "g:id:0"), 6)
                        .coordinators()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(requests.send(handler, new FindCoordinatorRequest().key("g").keyType((byte) 9), 3)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldPlaceGroupsAsKafkaDoes() {
        assertThat(GroupCoordinator.partitionFor("console-consumer-1", 50))
                .isEqualTo(Math.abs("console-consumer-1".hashCode()) % 50);
        assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(GroupCoordinator.partitionFor("polygenelubricants", 50)).isZero();
    }
}
