package io.milena.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.server.request.FakeHandler;
import io.milena.server.request.FakeHandler.Call;
import io.milena.server.testing.Frames;
import io.milena.server.testing.NothingLeftOver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client pipelines requests that overlap and such that do not, the bytes cut anywhere; handlers answer in random order. Replies must come
 * in request order, one for each request that wants one, and requests must be started in order, alone unless they overlap.
 */
@ExtendWith(NothingLeftOver.class)
class RequestSequencerOperationsTest {
    private static final int REQUESTS = 400;

    private final List<Call<?, ?>> unanswered = new ArrayList<>();
    private final List<Integer> started = new ArrayList<>();
    private final List<Integer> expected = new ArrayList<>();
    private Random random = new Random();

    private final FakeHandler<HeartbeatRequest, HeartbeatResponse> serial =
            FakeHandler.serial(ApiKey.HEARTBEAT, this::serialStarted);
    private final FakeHandler<OffsetCommitRequest, OffsetCommitResponse> overlapping =
            FakeHandler.overlapping(ApiKey.OFFSET_COMMIT, this::overlappingStarted);
    private final TestConnection connection = new TestConnection(serial, overlapping);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldReplyInRequestOrder(long seed) {
        random = new Random(seed);
        ByteBuffer wire = requests();
        List<Integer> received = new ArrayList<>();
        while (started.size() < REQUESTS || !unanswered.isEmpty()) {
            if (random.nextBoolean()
                    && wire.hasRemaining()
                    && connection.channel.config().isAutoRead()) {
                int take = Math.min(wire.remaining(), 1 + random.nextInt(300));
                connection.sendBytes(wire.slice(wire.position(), take));
                wire.position(wire.position() + take);
            } else if (!unanswered.isEmpty()) {
                answer(unanswered.remove(random.nextInt(unanswered.size())));
            }
            if (random.nextInt(3) == 0
                    || !wire.hasRemaining()
                    || !connection.channel.config().isAutoRead()) {
                connection.run();
            }
            received.addAll(connection.receivedIds());
        }

        connection.run();
        received.addAll(connection.receivedIds());

        assertThat(received).isEqualTo(expected);
        assertThat(started).as("started in order").isSorted().hasSize(REQUESTS);
        assertThat(connection.memory.usedBytes()).isZero();
        connection.close();
    }

    private ByteBuffer requests() {
        ByteBuffer wire = ByteBuffer.allocate(REQUESTS * 200);
        boolean overlaps = false;
        for (int id = 0; id < REQUESTS; id++) {
            overlaps = random.nextInt(8) == 0 ? !overlaps : overlaps;
            wire.put(
                    overlaps
                            ? Frames.request(ApiKey.OFFSET_COMMIT, 8, id, new OffsetCommitRequest().groupId("g"))
                            : Frames.request(ApiKey.HEARTBEAT, 4, id, new HeartbeatRequest().groupId("g")));
            if (wantsReply(id)) {
                expected.add(id);
            }
        }
        return wire.flip();
    }

    /** Every seventh request is like a produce with acks=0. */
    private static boolean wantsReply(int correlationId) {
        return correlationId % 7 != 0;
    }

    private void serialStarted(Call<HeartbeatRequest, HeartbeatResponse> call) {
        assertThat(unanswered).as("alone").isEmpty();
        started(call);
    }

    private void overlappingStarted(Call<OffsetCommitRequest, OffsetCommitResponse> call) {
        assertThat(unanswered)
                .as("with others that overlap")
                .allMatch(other -> other.context().apiKey() == ApiKey.OFFSET_COMMIT)
                .hasSizeLessThan(RequestSequencer.MAX_OVERLAPPING);
        started(call);
    }

    private void started(Call<?, ?> call) {
        int id = call.context().correlationId();
        started.add(id);
        if (!wantsReply(id)) {
            call.context().expectNoResponse();
        }
        if (random.nextInt(4) == 0) {
            answer(call); // before handle returns
        } else {
            unanswered.add(call);
        }
    }

    @SuppressWarnings("unchecked")
    private static void answer(Call<?, ?> call) {
        if (call.context().apiKey() == ApiKey.HEARTBEAT) {
            ((Call<HeartbeatRequest, HeartbeatResponse>) call).answer().complete(new HeartbeatResponse());
        } else {
            ((Call<OffsetCommitRequest, OffsetCommitResponse>) call).answer().complete(new OffsetCommitResponse());
        }
    }
}
