package io.milena.server.partition.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.wire.BufferRecords;
import io.milena.protocol.wire.Writer;
import io.milena.server.partition.session.FetchSession.PartitionKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final UUID TOPIC = new UUID(1, 2);

    private final ColdReads.Reader coldReads = new ColdReads(Runnable::run).reader();
    private final FetchSession session = new FetchSession(7, true, coldReads);

    @Test
    void shouldTellNothingOfTheResponseBefore() {
        Answers used = new Answers();
        fill(used, 3);
        used.clear();

        used.add(partition(TOPIC, 5)).highWatermark(9);

        assertThat(encoded(used.response(7), 17)).isEqualTo(encoded(one(TOPIC), 17));
    }

    @Test
    void shouldNameTopicsAsTheSessionDoes() {
        Answers used = new Answers();
        fill(used, 2);
        used.clear();
        used.add(partition("orders", 5)).highWatermark(9);

        assertThat(encoded(used.response(7), 12)).isEqualTo(encoded(one("orders"), 12));

        used.clear();
        used.add(partition(TOPIC, 5)).highWatermark(9);

        assertThat(encoded(used.response(7), 17)).isEqualTo(encoded(one(TOPIC), 17));
    }

    @Test
    void shouldBeginAnewAfterALargeResponse() {
        Answers used = new Answers();
        fill(used, 1000);
        FetchResponse.Partition before = used.answer(0);
        assertThat(used.response(7).responses().get(0).partitions()).hasSize(1000);
        used.clear();

        assertThat(used.size()).isZero();
        assertThat(used.response(7).responses()).isEmpty();
        assertThat(used.add(partition(TOPIC, 0))).isNotSameAs(before);
    }

    private void fill(Answers answers, int partitions) {
        for (int i = 0; i < partitions; i++) {
            answers.add(partition(TOPIC, i))
                    .errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER)
                    .highWatermark(1)
                    .lastStableOffset(2)
                    .logStartOffset(3)
                    .divergingEpoch(new FetchResponse.EpochEndOffset().epoch(4).endOffset(5))
                    .currentLeader(
                            new FetchResponse.LeaderIdAndEpoch().leaderId(6).leaderEpoch(7))
                    .abortedTransactions(List.of())
                    .records(new BufferRecords(ByteBuffer.allocate(3)));
        }
        answers.response(8)
                .throttleTimeMs(10)
                .nodeEndpoints(
                        List.of(new FetchResponse.NodeEndpoint().nodeId(6).host("there")));
    }

    private FetchResponse one(Object topic) {
        Answers fresh = new Answers();
        fresh.add(partition(topic, 5)).highWatermark(9);
        return fresh.response(7);
    }

    private SessionPartition partition(Object topic, int index) {
        return new SessionPartition(session, new PartitionKey(topic, index));
    }

    private static ByteBuffer encoded(FetchResponse response, int version) {
        Writer writer = new Writer(256);
        response.write(writer, version);
        return writer.joined();
    }
}
