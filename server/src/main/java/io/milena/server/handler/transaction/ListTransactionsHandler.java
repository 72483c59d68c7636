package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Names the transactions this broker coordinates (KIP-664), of which there are none; what is wrong with a filter is told. */
public final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequest, ListTransactionsResponse> {
    private static final Set<String> STATES = Set.of(
            "Empty",
            "Ongoing",
            "PrepareCommit",
            "PrepareAbort",
            "CompleteCommit",
            "CompleteAbort",
            "Dead",
            "PrepareEpochFence");

    @Override
    public ApiKey apiKey() {
        return ApiKey.LIST_TRANSACTIONS;
    }

    @Override
    public CompletionStage<ListTransactionsResponse> handle(ListTransactionsRequest request, RequestContext context) {
        ListTransactionsResponse response = new ListTransactionsResponse();
        String pattern = request.transactionalIdPattern();
        if (pattern != null && !isValid(pattern)) {
            return CompletableFuture.completedStage(response.errorCode(ErrorCode.INVALID_REGULAR_EXPRESSION));
        }
        return CompletableFuture.completedStage(response.unknownStateFilters(request.stateFilters().stream()
                .filter(state -> !STATES.contains(state))
                .toList()));
    }

    private static boolean isValid(String pattern) {
        try {
            Pattern.compile(pattern);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
