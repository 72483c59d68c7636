package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogSettings;
import io.milena.log.batch.BatchBuilder;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.RequestHeader;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.BufferRecords;
import io.milena.server.cluster.TestImages;
import io.milena.server.coordinator.transaction.TransactionFixture;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionSettings;
import io.milena.server.partition.TestPartitions;
import io.milena.server.request.RequestContext;
import io.milena.server.request.TestRequests;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which produce requests wait for the disk when the topic asks for it. */
class ProduceFlushTest {
    private static final short ALL = -1;
    private static final short LEADER = 1;
    private static final short NONE = 0;

    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition orders;
    private TestProducer client;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        PartitionSettings eachRecord = new PartitionSettings(LogSettings.DEFAULTS.withFlushMessages(1), 1, true, false);
        orders = partitions.create("orders", 0, eachRecord);
        TestImages images = new TestImages().topic("orders", partitions.topicId("orders"), 1);
        client = new TestProducer(new ProduceHandler(
                partitions, images.source(), partitions.timers(), new TransactionFixture().verification()));
    }

    @AfterEach
    void close() {
        partitions.close();
        partitions.flushThreads().runAll();
    }

    @Test
    void shouldWaitForTheDiskUnlessTheProducerWantsNoAnswer() {
        CompletableFuture<ProduceResponse> none = produce(NONE, partitions.batch("a"));
        CompletableFuture<ProduceResponse> leader = produce(LEADER, partitions.batch("b"));
        CompletableFuture<ProduceResponse> all = produce(ALL, partitions.batch("c"));
        assertThat(none).isDone();
        assertThat(leader).isNotDone();
        assertThat(all).isNotDone();

        partitions.flushThreads().runAll();

        assertThat(only(leader).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(only(leader).baseOffset()).isEqualTo(1);
        assertThat(only(all).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(only(all).baseOffset()).isEqualTo(2);
        assertThat(partitions.timers().waiting()).isZero();
    }

    @Test
    void shouldLetARepeatedBatchWaitForTheFlushOfTheFirst() {
        produce(ALL, idempotent());
        CompletableFuture<ProduceResponse> leader = produce(LEADER, idempotent());
        CompletableFuture<ProduceResponse> all = produce(ALL, idempotent());
        assertThat(leader).isNotDone();
        assertThat(all).isNotDone();

        partitions.flushThreads().runAll();

        assertThat(only(leader).baseOffset()).isZero();
        assertThat(only(all).baseOffset()).isZero();
        assertThat(orders.logEndOffset()).isEqualTo(1);
    }

    @Test
    void shouldTellEveryWaitingProducerThatTheDiskFailed() {
        CompletableFuture<ProduceResponse> leader = produce(LEADER, partitions.batch("a"));
        CompletableFuture<ProduceResponse> all = produce(ALL, partitions.batch("b"));
        orders.log().close(); // a log that lets nothing more be flushed
        partitions.flushThreads().runAll();

        assertThat(only(leader).errorCode()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(only(leader).baseOffset()).isEqualTo(-1);
        assertThat(only(all).errorCode()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(only(produce(LEADER, partitions.batch("c"))).errorCode()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partitions.timers().waiting()).isZero();
    }

    private CompletableFuture<ProduceResponse> produce(short acks, ByteBuffer batch) {
        ProduceRequest request = new ProduceRequest()
                .acks(acks)
                .timeoutMs(1500)
                .topicData(List.of(new ProduceRequest.Topic()
                        .name(orders.topic())
                        .partitionData(
                                List.of(new ProduceRequest.Partition().index(0).records(new BufferRecords(batch))))));
        RequestContext context = new RequestContext(
                ApiKey.PRODUCE,
                new RequestHeader(ApiKey.PRODUCE.id(), (short) 9, 1, "client"),
                TestRequests.connection(Runnable::run));
        return client.produce(request, context).toCompletableFuture();
    }

    private static ByteBuffer idempotent() {
        return new BatchBuilder()
                .producer(5, (short) 0, 0)
                .append(0, null, ByteBuffer.allocate(5))
                .build()
                .bytes();
    }

    private static ProduceResponse.Partition only(CompletableFuture<ProduceResponse> reply) {
        assertThat(reply).isDone();
        return reply.join().responses().get(0).partitionResponses().get(0);
    }
}
