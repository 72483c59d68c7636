package io.milena.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.BufferRecords;
import io.milena.protocol.wire.Records;
import io.milena.protocol.wire.Writer;
import io.milena.server.handler.cluster.ApiVersionsHandler;
import io.milena.server.handler.cluster.FeatureLevels;
import io.milena.server.request.CloseConnectionException;
import io.milena.server.request.FakeHandler;
import io.milena.server.request.FakeHandler.Call;
import io.milena.server.request.Handlers;
import io.milena.server.request.LeasedBufferRecords;
import io.milena.server.testing.Frames;
import io.milena.server.testing.NothingLeftOver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeftOver.class)
class ConnectionTest {
    private final FakeHandler<HeartbeatRequest, HeartbeatResponse> heartbeat =
            FakeHandler.serial(ApiKey.HEARTBEAT, call -> {});
    private final FakeHandler<ProduceRequest, ProduceResponse> produce =
            FakeHandler.overlapping(ApiKey.PRODUCE, call -> {});
    private final FakeHandler<FetchRequest, FetchResponse> fetch = FakeHandler.serial(ApiKey.FETCH, call -> {});
    private final ApiVersionsHandler apiVersions =
            new ApiVersionsHandler(() -> new Handlers(List.of(heartbeat)), () -> new FeatureLevels(-1, List.of()));
    private TestConnection connection = new TestConnection(heartbeat, produce, fetch, apiVersions);

    @AfterEach
    void close() {
        connection.close();
        heartbeat.calls().forEach(call -> call.answer().complete(new HeartbeatResponse()));
        produce.calls().forEach(call -> call.answer().complete(new ProduceResponse()));
        assertThat(connection.memory.usedBytes()).isZero();
        assertThat(connection.client.isOpen()).isFalse();
    }

    @Test
    void shouldBringARequestToItsHandlerAndTheResponseBack() {
        connection.send(
                ApiKey.HEARTBEAT,
                4,
                17,
                new HeartbeatRequest().groupId("a group").memberId("m-1"));

        Call<HeartbeatRequest, HeartbeatResponse> call = heartbeat.calls().get(0);
        assertThat(call.request().groupId()).isEqualTo("a group");
        assertThat(call.context().apiVersion()).isEqualTo((short) 4);
        assertThat(call.context().clientId()).isEqualTo("test-client");
        HeartbeatResponse response = new HeartbeatResponse().errorCode(ErrorCode.REBALANCE_IN_PROGRESS);
        call.answer().complete(response);
        connection.run();
        ByteBuffer frame = connection.received().get(0);
        assertThat(Frames.correlationId(frame)).isEqualTo(17);
        assertThat(Frames.response(ApiKey.HEARTBEAT, 4, frame)).isEqualTo(response);
    }

    @Test
    void shouldRunOneRequestAtATime() {
        connection.send(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest());
        assertThat(connection.channel.config().isAutoRead()).as("nothing waits").isTrue();
        connection.send(ApiKey.HEARTBEAT, 4, 2, new HeartbeatRequest());

        assertThat(heartbeat.calls()).hasSize(1);
        assertThat(connection.channel.config().isAutoRead()).isFalse();
        heartbeat.calls().get(0).answer().complete(new HeartbeatResponse());
        connection.run();
        assertThat(heartbeat.calls()).hasSize(2);
        assertThat(connection.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldStopReadingWhenTooManyRequestsOverlap() {
        for (int id = 0; id < RequestSequencer.MAX_OVERLAPPING + 3; id++) {
            connection.send(ApiKey.PRODUCE, 9, id, new ProduceRequest());
        }

        assertThat(produce.calls()).hasSize(RequestSequencer.MAX_OVERLAPPING);
        produce.calls().get(1).answer().complete(new ProduceResponse());
        connection.run();
        assertThat(produce.calls()).as("the oldest is not answered").hasSize(RequestSequencer.MAX_OVERLAPPING);
        produce.calls().get(0).answer().complete(new ProduceResponse());
        connection.run();
        assertThat(produce.calls()).hasSize(RequestSequencer.MAX_OVERLAPPING + 2);
        assertThat(connection.receivedIds()).containsExactly(0, 1);
    }

    @Test
    void shouldAnswerAnUnknownVersionOfApiVersionsInTheFirstLayout() {
        Writer writer = new Writer(64);
        writer.writeInt32(14);
        writer.writeInt16(ApiKey.API_VERSIONS.id());
        writer.writeInt16((short) 99);
        writer.writeInt32(5);
        writer.writeInt16((short) 4);
        writer.writeInt32(0x7A7A7A7A);
        connection.sendBytes(writer.joined());
        connection.run();

        ByteBuffer frame = connection.received().get(0);
        ApiVersionsResponse response = (ApiVersionsResponse) Frames.response(ApiKey.API_VERSIONS, 0, frame);
        assertThat(Frames.correlationId(frame)).isEqualTo(5);
        assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(response.apiKeys())
                .containsExactly(new ApiVersionsResponse.ApiVersion()
                        .apiKey(ApiKey.API_VERSIONS.id())
                        .maxVersion((short) 4));
        assertThat(connection.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 999, 4})
    void shouldCloseOnAnApiThatIsNotServed(int apiKey) {
        ByteBuffer request = Frames.request(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest());
        connection.sendBytes(request.putShort(4, (short) apiKey));

        assertThat(connection.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5, Short.MAX_VALUE})
    void shouldCloseOnAVersionThatIsNotServed(int version) {
        ByteBuffer request = Frames.request(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest());
        connection.sendBytes(request.putShort(6, (short) version));

        assertThat(connection.isOpen()).isFalse();
        assertThat(heartbeat.calls()).isEmpty();
    }

    @Test
    void shouldCloseOnARequestThatEndsEarly() {
        ByteBuffer request = Frames.request(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest().groupId("group"));
        int shorter = request.remaining() - 3;
        connection.sendBytes(request.putInt(0, shorter - Integer.BYTES).limit(shorter));

        assertThat(connection.isOpen()).isFalse();
        assertThat(heartbeat.calls()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldSurviveGarbage(long seed) {
        Random random = new Random(seed);
        byte[] garbage = new byte[200];
        while (connection.isOpen()) {
            random.nextBytes(garbage);
            ByteBuffer bytes = ByteBuffer.wrap(garbage);
            if (random.nextBoolean()) { // a length that is possible, an API and a version that exist, and then garbage
                bytes.putInt(0, garbage.length - Integer.BYTES)
                        .putShort(4, (short) 0)
                        .putShort(6, (short) 9);
            }
            connection.sendBytes(bytes);
            produce.calls().forEach(call -> call.answer().complete(new ProduceResponse()));
            connection.run();
        }
    }

    @Test
    void shouldSendNothingWhenNothingIsExpected() {
        connection.send(ApiKey.PRODUCE, 9, 1, new ProduceRequest().acks((short) 0));
        produce.calls().get(0).context().expectNoResponse();
        connection.send(ApiKey.PRODUCE, 9, 2, new ProduceRequest().acks((short) 1));
        produce.calls().get(1).answer().complete(new ProduceResponse());
        connection.run();
        assertThat(connection.received()).isEmpty();

        produce.calls().get(0).answer().complete(new ProduceResponse());
        connection.run();
        assertThat(connection.receivedIds()).containsExactly(2);
    }

    @Test
    void shouldCloseWhenAHandlerWantsIt() {
        connection.send(ApiKey.PRODUCE, 9, 1, new ProduceRequest().acks((short) 0));
        produce.calls().get(0).context().expectNoResponse();
        Throwable reason = new CompletionException(new CloseConnectionException("NOT_LEADER_OR_FOLLOWER"));
        produce.calls().get(0).answer().completeExceptionally(reason);
        connection.run();

        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void shouldCloseWhenAHandlerFailsAndSendNothingAfterwards() {
        for (int id = 0; id < 3; id++) {
            connection.send(ApiKey.PRODUCE, 9, id, new ProduceRequest());
        }
        produce.calls().get(2).answer().complete(new ProduceResponse());
        produce.calls().get(0).answer().complete(new ProduceResponse());
        connection.run();
        produce.calls().get(1).answer().completeExceptionally(new IllegalStateException("on purpose"));
        connection.run();

        assertThat(connection.receivedIds()).containsExactly(0);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void shouldCloseWhenAHandlerThrowsOrAnswersNull() {
        FakeHandler<HeartbeatRequest, HeartbeatResponse> throwing = FakeHandler.serial(ApiKey.HEARTBEAT, call -> {
            throw new IllegalStateException("on purpose");
        });
        TestConnection other = new TestConnection(throwing);
        other.send(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest());
        assertThat(other.isOpen()).isFalse();
        other.close();

        connection.send(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest());
        heartbeat.calls().get(0).answer().complete(null);
        connection.run();
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void shouldKeepTheFrameOfAProduceUntilItIsAnswered() {
        BufferRecords records = new BufferRecords(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        connection.send(ApiKey.PRODUCE, 9, 1, produceOf(records));

        ProduceRequest request = produce.calls().get(0).request();
        Records slice = request.topicData().get(0).partitionData().get(0).records();
        assertThat(slice).isEqualTo(records);
        assertThat(slice.buffer().isDirect()).as("a slice of the frame").isTrue();
        assertThat(connection.memory.usedBytes()).isPositive();
        produce.calls().get(0).answer().complete(new ProduceResponse());
        assertThat(connection.memory.usedBytes()).isZero();
        connection.run();
    }

    @Test
    void shouldKeepApartTheFramesOfOneReceiveBuffer() {
        List<BufferRecords> sent = new ArrayList<>();
        ByteBuffer burst = ByteBuffer.allocate(10_000);
        for (byte i = 0; i < 5; i++) {
            sent.add(new BufferRecords(ByteBuffer.wrap(new byte[] {i, i, i})));
            burst.put(Frames.request(ApiKey.PRODUCE, 9, i, produceOf(sent.get(i))));
        }
        connection.sendBytes(burst.flip());

        for (int i = 0; i < 5; i++) {
            ProduceRequest request = produce.calls().get(i).request();
            assertThat(request.topicData().get(0).partitionData().get(0).records())
                    .isEqualTo(sent.get(i));
        }
        for (int i = 4; i >= 0; i--) {
            assertThat(connection.memory.usedBytes()).isPositive();
            produce.calls().get(i).answer().complete(new ProduceResponse());
        }
        assertThat(connection.memory.usedBytes()).isZero();
        connection.run();
    }

    @Test
    void shouldReleaseTheFrameEarlyIfTheHandlerHasNoMoreUseForIt() {
        connection.send(ApiKey.PRODUCE, 9, 1, new ProduceRequest());
        produce.calls().get(0).context().releaseRecords();
        assertThat(connection.memory.usedBytes()).isZero();

        produce.calls().get(0).answer().complete(new ProduceResponse());
        connection.run();
        assertThat(connection.receivedIds()).containsExactly(1);
        assertThat(connection.memory.usedBytes()).as("released once").isZero();
    }

    @Test
    void shouldReleaseRequestsThatAreAnsweredAfterTheClientHasGone() {
        connection.send(ApiKey.PRODUCE, 9, 1, new ProduceRequest());
        connection.channel.close();

        assertThat(connection.memory.usedBytes()).isPositive();
        produce.calls().get(0).answer().complete(new ProduceResponse());
        assertThat(connection.memory.usedBytes()).isZero();
        connection.run();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, ResponseEncoder.MAX_COPIED_RECORDS_BYTES + 1})
    void shouldGiveLeasedRecordsBackOnce(int size) {
        int[] released = new int[2];
        ByteBuffer bytes = ByteBuffer.allocateDirect(size).putInt(0, 77);
        connection.send(ApiKey.FETCH, 12, 1, new FetchRequest());
        fetch.calls().get(0).answer().complete(fetched(bytes, () -> released[0]++));
        connection.run();
        FetchResponse received = (FetchResponse)
                Frames.response(ApiKey.FETCH, 12, connection.received().get(0));
        assertThat(received.responses().get(0).partitions().get(0).records()).isEqualTo(new BufferRecords(bytes));
        assertThat(released[0]).isOne();

        connection.send(ApiKey.FETCH, 12, 2, new FetchRequest());
        connection.channel.close();
        fetch.calls().get(1).answer().complete(fetched(bytes, () -> released[1]++));
        connection.run();
        assertThat(released[1]).as("after the client has gone").isOne();
    }

    @Test
    void shouldNotReadFromAThrottledClient() {
        connection.send(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest());
        heartbeat.calls().get(0).context().throttle(500);
        heartbeat.calls().get(0).answer().complete(new HeartbeatResponse());
        connection.run();
        assertThat(connection.receivedIds()).as("the response is not delayed").containsExactly(1);
        connection.send(ApiKey.HEARTBEAT, 4, 2, new HeartbeatRequest());
        connection.timers.advance(499);
        connection.run();
        assertThat(heartbeat.calls()).hasSize(1);

        connection.timers.advance(1);
        connection.run();
        assertThat(heartbeat.calls()).hasSize(2);
    }

    @Test
    void shouldWaitForRequestMemory() {
        connection.close();
        connection = new TestConnection(100, heartbeat);
        connection.memory.reserve(100);
        connection.send(ApiKey.HEARTBEAT, 4, 1, new HeartbeatRequest());
        assertThat(heartbeat.calls()).isEmpty();

        connection.memory.release(100);
        connection.run();
        assertThat(heartbeat.calls()).hasSize(1);
        heartbeat.calls().get(0).answer().complete(new HeartbeatResponse());
        connection.run();
    }

    private static ProduceRequest produceOf(Records records) {
        return new ProduceRequest()
                .topicData(List.of(new ProduceRequest.Topic()
                        .name("t")
                        .partitionData(List.of(new ProduceRequest.Partition().records(records)))));
    }

    private static FetchResponse fetched(ByteBuffer bytes, Runnable release) {
        return new FetchResponse()
                .responses(List.of(new FetchResponse.Topic()
                        .topic("t")
                        .partitions(List.of(
                                new FetchResponse.Partition().records(new LeasedBufferRecords(bytes, release))))));
    }
}
