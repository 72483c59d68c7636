package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.EndTxnRequest;
import io.milena.protocol.message.EndTxnResponse;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.transaction.EndTransactionRequest;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.coordinator.transaction.TransactionVersion;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletionStage;

/** EndTxn: commits or aborts. Answered when the outcome is stored, while partitions are still being told. */
public final class EndTxnHandler implements ApiHandler<EndTxnRequest, EndTxnResponse> {
    /** Clients of this version learn the epoch of their next transaction from the answer. */
    private static final int EPOCH_MIN_VERSION = 5;

    private final TransactionCoordinator coordinator;

    public EndTxnHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.END_TXN;
    }

    @Override
    public CompletionStage<EndTxnResponse> handle(EndTxnRequest request, RequestContext context) {
        boolean bumpsEpoch = context.apiVersion() >= EPOCH_MIN_VERSION;
        return coordinator
                .end(new EndTransactionRequest(
                        request.transactionalId(),
                        new ProducerIdentity(request.producerId(), request.producerEpoch()),
                        request.committed(),
                        bumpsEpoch ? TransactionVersion.EPOCH_BUMPING : TransactionVersion.CLASSIC))
                .handle((producer, failure) -> failure == null
                        ? response(bumpsEpoch ? producer : ProducerIdentity.NONE)
                        : response(ProducerIdentity.NONE).errorCode(FencedProducers.errorFor(context, failure)));
    }

    private static EndTxnResponse response(ProducerIdentity producer) {
        return new EndTxnResponse().producerId(producer.producerId()).producerEpoch(producer.producerEpoch());
    }
}
