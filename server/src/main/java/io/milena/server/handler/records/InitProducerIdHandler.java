package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.server.cluster.ProducerIds;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.transaction.InitProducerRequest;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** InitProducerId: gives an idempotent producer its id, and a transactional one the id and epoch that its transactional id is due. */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest, InitProducerIdResponse> {
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_PRODUCER_EPOCH = -1;

    /** Older clients know the error by another name. */
    private static final int PRODUCER_FENCED_MIN_VERSION = 4;

    private final ProducerIds producerIds;
    private final TransactionCoordinator transactions;

    public InitProducerIdHandler(ProducerIds producerIds, TransactionCoordinator transactions) {
        this.producerIds = producerIds;
        this.transactions = transactions;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.INIT_PRODUCER_ID;
    }

    @Override
    public CompletionStage<InitProducerIdResponse> handle(InitProducerIdRequest request, RequestContext context) {
        boolean hasId = request.producerId() != NO_PRODUCER_ID;
        boolean hasEpoch = request.producerEpoch() != NO_PRODUCER_EPOCH;
        if (hasId != hasEpoch) {
            return refused(ErrorCode.INVALID_REQUEST);
        }
        String transactionalId = request.transactionalId();
        if (transactionalId != null) {
            ProducerIdentity expected = new ProducerIdentity(request.producerId(), request.producerEpoch());
            return transactions
                    .init(new InitProducerRequest(transactionalId, request.transactionTimeoutMs(), expected))
                    .handle((producer, failure) -> failure == null
                            ? new InitProducerIdResponse()
                                    .producerId(producer.producerId())
                                    .producerEpoch(producer.producerEpoch())
                            : response(errorFor(context, CoordinatorException.errorOf(failure))));
        }
        // An id the client had before is not taken up again: without transactions nothing depends on it (as in Kafka).
        return producerIds
                .take()
                .handle((id, failure) -> failure == null
                        ? new InitProducerIdResponse().producerId(id)
                        : response(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    }

    private static ErrorCode errorFor(RequestContext context, ErrorCode error) {
        return error == ErrorCode.PRODUCER_FENCED && context.apiVersion() < PRODUCER_FENCED_MIN_VERSION
                ? ErrorCode.INVALID_PRODUCER_EPOCH
                : error;
    }

    private static CompletionStage<InitProducerIdResponse> refused(ErrorCode error) {
        return CompletableFuture.completedFuture(response(error));
    }

    private static InitProducerIdResponse response(ErrorCode error) {
        return new InitProducerIdResponse().errorCode(error).producerEpoch(NO_PRODUCER_EPOCH);
    }
}
