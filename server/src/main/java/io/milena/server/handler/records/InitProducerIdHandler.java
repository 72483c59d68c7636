package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.server.cluster.ProducerIds;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * InitProducerId: gives an idempotent producer its id. A producer that wants transactions is told that they are not supported, with an
 * error that ends it at once instead of letting it try again.
 */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest, InitProducerIdResponse> {
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_PRODUCER_EPOCH = -1;

    private final ProducerIds producerIds;

    public InitProducerIdHandler(ProducerIds producerIds) {
        this.producerIds = producerIds;
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
            return refused(transactionalId.isEmpty() ? ErrorCode.INVALID_REQUEST : ErrorCode.UNSUPPORTED_VERSION);
        }
        // An id the client had before is not taken up again: without transactions nothing depends on it (as in Kafka).
        return producerIds
                .take()
                .handle((id, failure) -> failure == null
                        ? new InitProducerIdResponse().producerId(id)
                        : response(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    }

    private static CompletionStage<InitProducerIdResponse> refused(ErrorCode error) {
        return CompletableFuture.completedFuture(response(error));
    }

    private static InitProducerIdResponse response(ErrorCode error) {
        return new InitProducerIdResponse().errorCode(error).producerEpoch(NO_PRODUCER_EPOCH);
    }
}
