package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.batch.AppendOrigin;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.cluster.TestImages;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import io.milena.server.partition.session.ColdReads;
import io.milena.server.partition.session.FetchSessions;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.LeasedRecords;
import io.milena.server.request.TestRequests;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchHandlerTest {
    private static final int BROKER_LIMIT = 200;
    private static final int WAITING_VERSION = 11;

    @TempDir
    Path folder;

    private final FetchSessions sessions =
            new FetchSessions(10, new AtomicInteger()::incrementAndGet, new ColdReads(Runnable::run));
    private final ClientConnection connection = TestRequests.connection(Runnable::run);
    private TestPartitions partitions;
    private Partition orders;
    private FetchHandler handler;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        orders = partitions.create("orders", 0);
        TestImages images = new TestImages().topic("orders", partitions.topicId("orders"), 1);
        handler = new FetchHandler(partitions, images.source(), sessions, partitions.timers(), BROKER_LIMIT);
    }

    @AfterEach
    void close() {
        connection.disconnected();
        assertThat(partitions.leases()).isZero();
        assertThat(partitions.watched()).isEmpty();
        partitions.close();
    }

    @Test
    void shouldSendTheBytesThatWereAppended() {
        ByteBuffer batch = partitions.batch("a", "b");
        orders.strand().execute(() -> orders.append(batch, AppendOrigin.CLIENT));

        FetchResponse.Partition answer = only(now(4, request(0)));

        assertThat(answer.highWatermark()).isEqualTo(2);
        assertThat(answer.lastStableOffset()).isEqualTo(2);
        assertThat(answer.logStartOffset()).isZero();
        assertThat(answer.abortedTransactions()).isNull();
        assertThat(answer.records().buffer()).isEqualTo(batch);
        ((LeasedRecords) answer.records()).release();
    }

    @Test
    void shouldNotSendMoreThanTheBrokerAllows() {
        partitions.append(orders, "a".repeat(100));
        partitions.append(orders, "b".repeat(100));

        FetchResponse.Partition answer = only(now(4, request(0)));

        assertThat(answer.records().sizeInBytes()).isLessThan(BROKER_LIMIT);
        ((LeasedRecords) answer.records()).release();
    }

    @Test
    void shouldReadTheNextRequestWhileOneWaits() {
        CompletableFuture<FetchResponse> first = handle(read(request(0)));
        FetchRequest next = read(request(1));
        assertThat(first).isNotDone();

        int size = partitions.append(orders, "a");
        FetchResponse.Partition answer = only(first.join());
        assertThat(answer.highWatermark()).isEqualTo(1);
        assertThat(answer.records().sizeInBytes()).isEqualTo(size);
        ((LeasedRecords) answer.records()).release();

        CompletableFuture<FetchResponse> second = handle(next);
        assertThat(second).isNotDone();
        size = partitions.append(orders, "much more");
        answer = only(second.join());
        assertThat(answer.highWatermark()).isEqualTo(2);
        assertThat(answer.records().sizeInBytes()).isEqualTo(size);
        ((LeasedRecords) answer.records()).release();
    }

    private FetchRequest read(FetchRequest request) {
        Writer writer = new Writer(256);
        request.write(writer, WAITING_VERSION);
        return handler.read(new Reader(writer.joined()), WAITING_VERSION, connection);
    }

    private CompletableFuture<FetchResponse> handle(FetchRequest request) {
        return handler.handle(request, TestRequests.context(ApiKey.FETCH, WAITING_VERSION, connection))
                .toCompletableFuture();
    }

    @Test
    void shouldNameNoAbortedTransactionsWhenThereAreNone() {
        assertThat(only(now(4, request(0).isolationLevel((byte) 1).maxWaitMs(0)))
                        .abortedTransactions())
                .isEmpty();
    }

    @Test
    void shouldCheckTheLeaderEpochAndNameTheLeaderFromVersion16On() {
        FetchRequest old = request(0);
        old.topics().get(0).partitions().get(0).currentLeaderEpoch(TestPartitions.EPOCH - 1);

        FetchResponse response = now(16, old);

        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(only(response).currentLeader())
                .isEqualTo(new FetchResponse.LeaderIdAndEpoch().leaderId(1).leaderEpoch(0));
        assertThat(response.nodeEndpoints()).extracting("host").containsExactly("broker");
        assertThat(now(15, old).nodeEndpoints()).isEmpty();
    }

    @Test
    void shouldTellAReaderWhereItsLogDiverges() {
        partitions.append(orders, "a", "b");
        partitions.lead(orders, 5, List.of(1));
        partitions.append(orders, "c");
        FetchRequest diverged = request(3);
        diverged.topics().get(0).partitions().get(0).lastFetchedEpoch(4);

        FetchResponse.Partition answer = only(now(12, diverged));

        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.divergingEpoch())
                .isEqualTo(new FetchResponse.EpochEndOffset().epoch(3).endOffset(2));
        assertThat(answer.records().sizeInBytes()).isZero();
    }

    @Test
    void shouldRefuseAReaderFromTheFuture() {
        FetchRequest future = request(0);
        future.topics().get(0).partitions().get(0).lastFetchedEpoch(9);

        assertThat(only(now(12, future)).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldEndEverythingWithTheConnection() {
        CompletableFuture<FetchResponse> reply = handler.handle(
                        request(0).sessionEpoch(0), TestRequests.context(ApiKey.FETCH, 12, connection))
                .toCompletableFuture();
        assertThat(reply).isNotDone();
        assertThat(sessions.size()).isEqualTo(1);

        connection.disconnected();

        assertThat(reply).isDone();
        assertThat(sessions.size()).isZero();
        assertThat(partitions.timers().waiting()).isZero();
    }

    private FetchResponse now(int version, FetchRequest request) {
        return handler.handle(request, TestRequests.context(ApiKey.FETCH, version, connection))
                .toCompletableFuture()
                .join();
    }

    private FetchRequest request(long offset) {
        return new FetchRequest()
                .maxWaitMs(500)
                .minBytes(1)
                .sessionEpoch(-1)
                .topics(List.of(new FetchRequest.Topic()
                        .topic("orders")
                        .topicId(orders.topicId())
                        .partitions(List.of(new FetchRequest.Partition()
                                .partition(0)
                                .fetchOffset(offset)
                                .partitionMaxBytes(1 << 20)))));
    }

    private static FetchResponse.Partition only(FetchResponse response) {
        return response.responses().get(0).partitions().get(0);
    }
}
