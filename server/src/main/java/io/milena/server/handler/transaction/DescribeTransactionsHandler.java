package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells the state of transactions this broker coordinates (KIP-664). There are none, so no id is known. */
public final class DescribeTransactionsHandler
        implements ApiHandler<DescribeTransactionsRequest, DescribeTransactionsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public CompletionStage<DescribeTransactionsResponse> handle(
            DescribeTransactionsRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new DescribeTransactionsResponse()
                .transactionStates(request.transactionalIds().stream()
                        .map(id -> new DescribeTransactionsResponse.TransactionState()
                                .transactionalId(id)
                                .errorCode(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND))
                        .toList()));
    }
}
