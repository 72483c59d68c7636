package io.milena.server.handler.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AddOffsetsToTxnRequest;
import io.milena.protocol.message.AddPartitionsToTxnRequest;
import io.milena.protocol.message.AddPartitionsToTxnResponse;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.EndTxnRequest;
import io.milena.protocol.message.EndTxnResponse;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.protocol.message.WriteTxnMarkersRequest;
import io.milena.server.cluster.TestImages;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.transaction.TopicPartition;
import io.milena.server.coordinator.transaction.TransactionFixture;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.TestRequests;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionHandlersTest {
    private final TransactionFixture fixture = new TransactionFixture();
    private final TestImages images = new TestImages().topic("orders", new UUID(0, 1), 3);
    private final AddPartitionsToTxnHandler add = new AddPartitionsToTxnHandler(fixture.coordinator(), images.source());
    private final EndTxnHandler end = new EndTxnHandler(fixture.coordinator());
    private ProducerIdentity producer = ProducerIdentity.NONE;

    @BeforeEach
    void begin() {
        producer = fixture.begin("tx", new TopicPartition("orders", 0));
    }

    private <Q extends io.milena.protocol.Message, R extends io.milena.protocol.Message> R send(
            ApiHandler<Q, R> handler, Q request, int version) {
        return fixture.reply(handler.handle(request, TestRequests.context(handler.apiKey(), version)));
    }

    private List<ErrorCode> add(int version, int epoch, Integer... partitions) {
        AddPartitionsToTxnRequest request = new AddPartitionsToTxnRequest()
                .v3AndBelowTransactionalId("tx")
                .v3AndBelowProducerId(producer.producerId())
                .v3AndBelowProducerEpoch((short) epoch)
                .v3AndBelowTopics(topics(partitions));
        return send(add, request, version).resultsByTopicV3AndBelow().get(0).resultsByPartition().stream()
                .map(AddPartitionsToTxnResponse.PartitionResult::partitionErrorCode)
                .toList();
    }

    private static List<AddPartitionsToTxnRequest.Topic> topics(Integer... partitions) {
        return List.of(new AddPartitionsToTxnRequest.Topic().name("orders").partitions(List.of(partitions)));
    }

    @Test
    void shouldAddAllPartitionsOrNone() {
        assertThat(add(3, 0, 1, 7))
                .containsExactly(ErrorCode.OPERATION_NOT_ATTEMPTED, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(add(3, 0, 1, 2)).containsExactly(ErrorCode.NONE, ErrorCode.NONE);
    }

    @Test
    void shouldNameFencedProducersAsTheClientKnowsThem() {
        assertThat(add(1, 9, 1)).containsExactly(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(add(2, 9, 1)).containsExactly(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldVerifyForBrokers() {
        AddPartitionsToTxnRequest.Transaction transaction = new AddPartitionsToTxnRequest.Transaction()
                .transactionalId("tx")
                .producerId(producer.producerId())
                .verifyOnly(true)
                .topics(topics(0, 1));
        AddPartitionsToTxnResponse response =
                send(add, new AddPartitionsToTxnRequest().transactions(List.of(transaction)), 5);

        assertThat(response.resultsByTransaction().get(0).topicResults().get(0).resultsByPartition())
                .extracting(AddPartitionsToTxnResponse.PartitionResult::partitionErrorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.TRANSACTION_ABORTABLE);
    }

    @Test
    void shouldAddThePartitionThatKeepsAGroup() {
        AddOffsetsToTxnHandler addOffsets = new AddOffsetsToTxnHandler(fixture.coordinator(), group -> 2);
        AddOffsetsToTxnRequest request = new AddOffsetsToTxnRequest()
                .transactionalId("tx")
                .producerId(producer.producerId())
                .groupId("g");
        assertThat(send(addOffsets, request, 3).errorCode()).isEqualTo(ErrorCode.NONE);
        DescribeTransactionsResponse.TransactionState state = describe("tx");
        assertThat(state.topics())
                .extracting(DescribeTransactionsResponse.Topic::topic)
                .containsExactly("__consumer_offsets", "orders");
        assertThat(state.transactionState()).isEqualTo("Ongoing");
        assertThat(describe("nobody").errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
        assertThat(describe("").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private DescribeTransactionsResponse.TransactionState describe(String id) {
        return send(
                        new DescribeTransactionsHandler(fixture.coordinator()),
                        new DescribeTransactionsRequest().transactionalIds(List.of(id)),
                        0)
                .transactionStates()
                .get(0);
    }

    @Test
    void shouldTellTheNextEpochToWhoUsesIt() {
        EndTxnRequest request = new EndTxnRequest()
                .transactionalId("tx")
                .producerId(producer.producerId())
                .committed(true);
        EndTxnResponse response = send(end, request, 5);
        assertThat(response.producerEpoch()).isEqualTo((short) 1);
        assertThat(response.producerId()).isEqualTo(producer.producerId());
        assertThat(send(end, request.producerEpoch((short) 5), 1).errorCode())
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(send(end, request, 5).producerId()).isEqualTo(-1);
    }

    @Test
    void shouldListWhatMatches() {
        assertThat(list(new ListTransactionsRequest(), 0)).containsExactly("tx");
        assertThat(list(new ListTransactionsRequest().stateFilters(List.of("Ongoing", "Odd")), 0))
                .containsExactly("tx");
        assertThat(list(new ListTransactionsRequest().stateFilters(List.of("Odd")), 0))
                .isEmpty();
        assertThat(list(new ListTransactionsRequest().producerIdFilters(List.of(1L)), 0))
                .isEmpty();
        assertThat(list(new ListTransactionsRequest().durationFilter(10), 1)).isEmpty();
        assertThat(list(new ListTransactionsRequest().transactionalIdPattern("t."), 2))
                .containsExactly("tx");
        assertThat(list(new ListTransactionsRequest().transactionalIdPattern("t"), 2))
                .isEmpty();
        ListTransactionsHandler handler = new ListTransactionsHandler(fixture.coordinator());
        assertThat(send(handler, new ListTransactionsRequest().transactionalIdPattern("["), 2)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(send(handler, new ListTransactionsRequest().stateFilters(List.of("Odd")), 0)
                        .unknownStateFilters())
                .containsExactly("Odd");
    }

    private List<String> list(ListTransactionsRequest request, int version) {
        return send(new ListTransactionsHandler(fixture.coordinator()), request, version).transactionStates().stream()
                .map(ListTransactionsResponse.TransactionState::transactionalId)
                .toList();
    }

    @Test
    void shouldWriteMarkersAndSayWhatBecameOfEach() {
        WriteTxnMarkersHandler handler =
                new WriteTxnMarkersHandler((partition, marker) -> CompletableFuture.completedFuture(
                        partition.partition() == 0 && marker.committed()
                                ? ErrorCode.NONE
                                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        WriteTxnMarkersRequest request = new WriteTxnMarkersRequest()
                .markers(List.of(new WriteTxnMarkersRequest.Marker()
                        .producerId(4)
                        .transactionResult(true)
                        .topics(List.of(new WriteTxnMarkersRequest.Topic()
                                .name("orders")
                                .partitionIndexes(List.of(0, 1))))));
        assertThat(send(handler, request, 2).markers().get(0).topics().get(0).partitions())
                .extracting("errorCode")
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
