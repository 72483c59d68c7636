package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.server.cluster.ProducerIds;
import io.milena.server.coordinator.transaction.TransactionFixture;
import io.milena.server.request.TestRequests;
import io.milena.server.strand.Strand;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InitProducerIdHandlerTest {
    private final Queue<CompletableFuture<Long>> blocks = new ArrayDeque<>();
    private final TransactionFixture transactions = new TransactionFixture();
    private final InitProducerIdHandler handler = new InitProducerIdHandler(
            new ProducerIds(new Strand("ids", Runnable::run), 2, () -> {
                CompletableFuture<Long> block = new CompletableFuture<>();
                blocks.add(block);
                return block;
            }),
            transactions.coordinator());

    @Test
    void shouldGiveIdsFromBlocks() {
        CompletableFuture<InitProducerIdResponse> first = init(idempotent());
        CompletableFuture<InitProducerIdResponse> second = init(idempotent());
        CompletableFuture<InitProducerIdResponse> third = init(idempotent());
        assertThat(blocks).hasSize(1);

        blocks.remove().complete(100L);
        assertThat(first.join()).isEqualTo(new InitProducerIdResponse().producerId(100));
        assertThat(second.join().producerId()).isEqualTo(101);
        assertThat(third).isNotDone();

        blocks.remove().complete(500L);
        assertThat(third.join().producerId()).isEqualTo(500);
        assertThat(init(idempotent()).join().producerId()).isEqualTo(501);
    }

    @Test
    void shouldTryAgainAfterAFailure() {
        CompletableFuture<InitProducerIdResponse> first = init(idempotent());
        blocks.remove().completeExceptionally(new IllegalStateException("no controller"));
        assertThat(first.join().errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(first.join().producerId()).isEqualTo(-1);

        CompletableFuture<InitProducerIdResponse> second = init(idempotent());
        blocks.remove().complete(7L);
        assertThat(second.join().producerId()).isEqualTo(7);
    }

    @Test
    void shouldGiveTransactionalProducersTheirs() {
        InitProducerIdRequest request = idempotent().transactionalId("tx").transactionTimeoutMs(1000);
        assertThat(settled(request, 5)).isEqualTo(new InitProducerIdResponse().producerId(100));
        assertThat(settled(request, 5).producerEpoch()).isEqualTo((short) 1);
        request.producerId(100).producerEpoch((short) 7);
        assertThat(settled(request, 4).errorCode()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(settled(request, 3).errorCode()).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(settled(request, 3).producerId()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseHalfAnIdentityAndImpossibleTimeouts() {
        assertThat(error(idempotent().transactionalId("tx"))).isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        assertThat(error(idempotent().transactionalId(""))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(idempotent().producerId(5))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(idempotent().producerEpoch((short) 5))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private static InitProducerIdRequest idempotent() {
        return new InitProducerIdRequest().transactionalId(null);
    }

    private InitProducerIdResponse settled(InitProducerIdRequest request, int version) {
        return transactions.reply(handler.handle(request, TestRequests.context(ApiKey.INIT_PRODUCER_ID, version)));
    }

    private ErrorCode error(InitProducerIdRequest request) {
        return init(request).join().errorCode();
    }

    private CompletableFuture<InitProducerIdResponse> init(InitProducerIdRequest request) {
        return handler.handle(request, TestRequests.context(ApiKey.INIT_PRODUCER_ID, 5))
                .toCompletableFuture();
    }
}
