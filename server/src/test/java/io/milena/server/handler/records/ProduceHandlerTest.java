package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.compress.Compression;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.RequestHeader;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.BufferRecords;
import io.milena.server.cluster.TestImages;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.coordinator.transaction.TransactionFixture;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionSettings;
import io.milena.server.partition.TestPartitions;
import io.milena.server.request.CloseConnectionException;
import io.milena.server.request.RequestContext;
import io.milena.server.request.TestRequests;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceHandlerTest {
    private static final short ALL = -1;
    private static final short LEADER = 1;
    private static final short NONE = 0;

    @TempDir
    Path folder;

    private final AtomicInteger released = new AtomicInteger();
    private final TransactionFixture transactions = new TransactionFixture();
    private TestPartitions partitions;
    private Partition orders;
    private TestProducer client;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        orders = partitions.create("orders", 0);
        TestImages images = new TestImages().topic("orders", partitions.topicId("orders"), 1);
        client = new TestProducer(
                new ProduceHandler(partitions, images.source(), partitions.timers(), transactions.verification()));
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void shouldAppendAndAnswerBeforeItReturns() {
        partitions.append(orders, "x", "y");
        ProduceResponse.Partition answer = only(produce(13, ALL, partitions.batch("a", "b")));

        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.baseOffset()).isEqualTo(2);
        assertThat(answer.logAppendTimeMs()).isEqualTo(-1);
        assertThat(answer.logStartOffset()).isZero();
        assertThat(orders.highWatermark()).isEqualTo(4);
        assertThat(released).hasValue(1);
    }

    @Test
    void shouldFindTopicsByNameBeforeVersion13() {
        ProduceRequest request = request(LEADER, partitions.batch("a"));
        request.topicData().get(0).topicId(new UUID(0, 0));

        ProduceResponse response =
                client.produce(request, context(12)).toCompletableFuture().join();

        assertThat(response.responses().get(0).name()).isEqualTo("orders");
        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldSayThatATopicIsUnknown() {
        ProduceRequest request = request(LEADER, partitions.batch("a"));
        request.topicData().get(0).topicId(new UUID(1, 1)).name("nowhere");

        assertThat(error(request, 13)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(error(request, 12)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldExpectNoResponseWithoutAcks() {
        RequestContext context = context(9);
        client.produce(request(NONE, partitions.batch("a")), context)
                .toCompletableFuture()
                .join();

        assertThat(context.isResponseExpected()).isFalse();
        assertThat(orders.logEndOffset()).isEqualTo(1);
    }

    @Test
    void shouldCloseTheConnectionWhenAProduceWithoutAcksFails() {
        ByteBuffer damaged = partitions.batch("a");
        damaged.put(damaged.limit() - 1, (byte) 99);

        assertThatThrownBy(() -> client.produce(request(NONE, damaged), context(9))
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CloseConnectionException.class)
                .hasMessageContaining("CORRUPT_MESSAGE");
    }

    @Test
    void shouldRefuseOtherAcks() {
        assertThat(error(request((short) 2, partitions.batch("a")), 9)).isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS);
        assertThat(orders.logEndOffset()).isZero();
    }

    @Test
    void shouldRefuseMissingAndEmptyRecords() {
        ProduceRequest none = request(LEADER, partitions.batch("a"));
        none.topicData().get(0).partitionData().get(0).records(null);

        assertThat(error(none, 9)).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(error(request(LEADER, ByteBuffer.allocate(0)), 9)).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(error(request(LEADER, ByteBuffer.allocate(30)), 9)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldExplainSingleRecordsFromVersion8On() {
        orders = partitions.create(
                "compacted",
                0,
                new PartitionSettings(
                        TestPartitions.SETTINGS.log().withCleanupPolicy(Set.of(CleanupPolicy.COMPACT)),
                        1,
                        false,
                        false));
        ProduceResponse.Partition answer = only(produce(9, LEADER, partitions.batch("a", "b")));

        assertThat(answer.errorCode()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(answer.baseOffset()).isEqualTo(-1);
        assertThat(answer.logStartOffset()).isZero();
        assertThat(answer.errorMessage()).isNotBlank();
        assertThat(answer.recordErrors()).hasSize(2).extracting("batchIndex").containsExactly(0, 1);
        assertThat(only(produce(7, LEADER, partitions.batch("a"))).errorMessage())
                .isNull();
    }

    @Test
    void shouldRefuseZstdBeforeVersion7() {
        ByteBuffer zstd = new BatchBuilder()
                .compression(Compression.ZSTD)
                .append(0, null, ByteBuffer.allocate(5))
                .build()
                .bytes();

        assertThat(error(request(LEADER, zstd), 6)).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(error(request(LEADER, zstd), 7)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseTransactionsNobodyCoordinates() {
        assertThat(error(request(ALL, transactional(5, 0, 0)), 9))
                .isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assertThat(settled(12, transactional(5, 0, 0))).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(orders.logEndOffset()).isZero();
    }

    @Test
    void shouldAddThePartitionToTheTransactionOfWhoWritesToIt() {
        ProducerIdentity producer = transactions.begin("tx", new TopicPartition("other", 0));
        long id = producer.producerId();
        CompletableFuture<ProduceResponse> first = begin(12, transactional(id, 0, 0));
        CompletableFuture<ProduceResponse> second = begin(12, transactional(id, 0, 1));
        assertThat(first).isNotDone();
        assertThat(released).hasValue(0);
        settle();

        assertThat(only(first.join()).baseOffset()).isZero();
        assertThat(only(second.join()).baseOffset()).isEqualTo(1);
        assertThat(released).hasValue(2);
        assertThat(orders.lastStableOffset()).isZero();
        assertThat(settled(12, transactional(id, 0, 2))).isEqualTo(ErrorCode.NONE);
        assertThat(settled(12, transactional(id, 1, 0))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldAskOldClientsWhetherTheyNamedThePartition() {
        long id = transactions.begin("tx", new TopicPartition("other", 0)).producerId();
        assertThat(settled(11, transactional(id, 0, 0))).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(settled(10, transactional(id, 0, 0))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        long named = transactions.begin("tx2", new TopicPartition("orders", 0)).producerId();
        assertThat(settled(10, transactional(named, 0, 0), "tx2")).isEqualTo(ErrorCode.NONE);
    }

    private ByteBuffer transactional(long producerId, int epoch, int sequence) {
        return new BatchBuilder()
                .producer(producerId, (short) epoch, sequence)
                .transactional()
                .append(0, null, ByteBuffer.allocate(5))
                .build()
                .bytes();
    }

    private CompletableFuture<ProduceResponse> begin(int version, ByteBuffer batch) {
        return client.produce(request(ALL, batch).transactionalId("tx"), context(version))
                .toCompletableFuture();
    }

    private ErrorCode settled(int version, ByteBuffer batch) {
        return settled(version, batch, "tx");
    }

    private ErrorCode settled(int version, ByteBuffer batch, String transactionalId) {
        CompletableFuture<ProduceResponse> reply = client.produce(
                        request(ALL, batch).transactionalId(transactionalId), context(version))
                .toCompletableFuture();
        settle();
        return only(reply.join()).errorCode();
    }

    /** Lets partition and coordinator exchange what they have to say. */
    private void settle() {
        transactions.settle();
        partitions.home().runAll();
    }

    @Test
    void shouldKeepClientsOutOfInternalTopicsButForAdminTools() {
        orders = partitions.create("__consumer_offsets", 0);

        assertThat(error(request(LEADER, partitions.batch("a")), 9)).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        RequestContext admin = new RequestContext(
                ApiKey.PRODUCE,
                new RequestHeader(ApiKey.PRODUCE.id(), (short) 9, 1, "__admin_client"),
                TestRequests.connection(Runnable::run));
        assertThat(only(client.produce(request(LEADER, partitions.batch("a")), admin)
                                .toCompletableFuture()
                                .join())
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRepeatTheAnswerForARepeatedBatch() {
        assertThat(only(produce(9, ALL, idempotent(0))).baseOffset()).isZero();
        assertThat(only(produce(9, ALL, idempotent(1))).baseOffset()).isEqualTo(1);

        ProduceResponse.Partition repeated = only(produce(9, ALL, idempotent(0)));

        assertThat(repeated.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(repeated.baseOffset()).isZero();
        assertThat(error(request(ALL, idempotent(5)), 9)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(orders.logEndOffset()).isEqualTo(2);
    }

    @Test
    void shouldNameTheLeaderWhenItIsAnother() {
        partitions.follow(orders, 1, 7);
        ProduceResponse response = produce(10, ALL, partitions.batch("a"));

        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(only(response).currentLeader())
                .isEqualTo(new ProduceResponse.LeaderIdAndEpoch().leaderId(1).leaderEpoch(0));
        assertThat(response.nodeEndpoints())
                .containsExactly(new ProduceResponse.NodeEndpoint()
                        .nodeId(1)
                        .host("broker")
                        .port(9092));
        assertThat(produce(9, ALL, partitions.batch("a")).nodeEndpoints()).isEmpty();
    }

    @Test
    void shouldWaitForReplicasAndThenAnswer() {
        partitions.lead(orders, 8, List.of(1, 2));
        CompletableFuture<ProduceResponse> reply = begin(ALL, partitions.batch("a"));
        assertThat(reply).isNotDone();
        assertThat(released).hasValue(1);
        assertThat(begin(LEADER, partitions.batch("b"))).isDone();

        orders.strand().execute(() -> orders.replicaCopied(2, 1));

        assertThat(only(reply.join()).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(partitions.timers().waiting()).isZero();
    }

    @Test
    void shouldGiveUpOnReplicasWhenTheTimeIsOver() {
        partitions.lead(orders, 8, List.of(1, 2));
        CompletableFuture<ProduceResponse> reply = begin(ALL, partitions.batch("a"));

        partitions.timers().advance(1500);
        orders.strand().execute(() -> orders.replicaCopied(2, 1));

        assertThat(only(reply.join()).errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
    }

    @Test
    void shouldRefuseWhenTooFewReplicasAreInSync() {
        orders = partitions.create("strict", 0, new PartitionSettings(TestPartitions.SETTINGS.log(), 2, true, false));
        partitions.lead(orders, 9, List.of(1, 2));
        CompletableFuture<ProduceResponse> reply = begin(ALL, partitions.batch("a"));
        assertThat(reply).isNotDone();
        partitions.leadAlone(orders, 9, 2);

        assertThat(only(reply.join()).errorCode()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        assertThat(error(request(ALL, partitions.batch("a")), 9)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(error(request(LEADER, partitions.batch("a")), 9)).isEqualTo(ErrorCode.NONE);
    }

    private ByteBuffer idempotent(int sequence) {
        return new BatchBuilder()
                .producer(5, (short) 0, sequence)
                .append(0, null, ByteBuffer.allocate(5))
                .build()
                .bytes();
    }

    private CompletableFuture<ProduceResponse> begin(short acks, ByteBuffer batch) {
        return client.produce(request(acks, batch), context(9)).toCompletableFuture();
    }

    private ProduceResponse produce(int version, short acks, ByteBuffer batch) {
        return client.produce(request(acks, batch), context(version))
                .toCompletableFuture()
                .join();
    }

    private ErrorCode error(ProduceRequest request, int version) {
        return only(client.produce(request, context(version))
                        .toCompletableFuture()
                        .join())
                .errorCode();
    }

    private ProduceRequest request(short acks, ByteBuffer batch) {
        return new ProduceRequest()
                .acks(acks)
                .timeoutMs(1500)
                .topicData(List.of(new ProduceRequest.Topic()
                        .name(orders.topic())
                        .topicId(orders.topicId())
                        .partitionData(
                                List.of(new ProduceRequest.Partition().index(0).records(new BufferRecords(batch))))));
    }

    private RequestContext context(int version) {
        return new RequestContext(
                ApiKey.PRODUCE,
                new RequestHeader(ApiKey.PRODUCE.id(), (short) version, 1, "client"),
                TestRequests.connection(Runnable::run),
                released::incrementAndGet);
    }

    private static ProduceResponse.Partition only(ProduceResponse response) {
        return response.responses().get(0).partitionResponses().get(0);
    }
}
