package io.milena.server.handler.transaction;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.coordinator.transaction.TransactionFilter;
import io.milena.server.coordinator.transaction.TransactionState;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Names the transactions this broker coordinates (KIP-664, KIP-994, KIP-1152); what is wrong with a filter is told. */
public final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequest, ListTransactionsResponse> {
    private final TransactionCoordinator coordinator;

    public ListTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.LIST_TRANSACTIONS;
    }

    @Override
    public CompletionStage<ListTransactionsResponse> handle(ListTransactionsRequest request, RequestContext context) {
        Pattern pattern = null;
        String wanted = request.transactionalIdPattern();
        if (wanted != null && !wanted.isEmpty()) {
            try {
                pattern = Pattern.compile(wanted);
            } catch (PatternSyntaxException e) {
                return CompletableFuture.completedFuture(
                        new ListTransactionsResponse().errorCode(ErrorCode.INVALID_REGULAR_EXPRESSION));
            }
        }
        Set<TransactionState> states = EnumSet.noneOf(TransactionState.class);
        List<String> unknown = new ArrayList<>();
        for (String label : request.stateFilters()) {
            TransactionState.ofLabel(label).ifPresentOrElse(states::add, () -> unknown.add(label));
        }
        TransactionFilter filter = new TransactionFilter(
                !request.stateFilters().isEmpty(),
                states,
                new HashSet<>(request.producerIdFilters()),
                request.durationFilter(),
                pattern);
        return list(filter)
                .handle((listed, failure) -> failure == null
                        ? new ListTransactionsResponse()
                                .transactionStates(listed)
                                .unknownStateFilters(unknown)
                        : new ListTransactionsResponse().errorCode(CoordinatorException.errorOf(failure)));
    }

    private CompletionStage<List<ListTransactionsResponse.TransactionState>> list(TransactionFilter filter) {
        CompletionStage<List<ListTransactionsResponse.TransactionState>> all =
                CompletableFuture.completedFuture(new ArrayList<>());
        for (CompletionStage<List<ListTransactionsResponse.TransactionState>> shard : coordinator.list(filter)) {
            all = all.thenCombine(shard, (listed, more) -> {
                listed.addAll(more);
                return listed;
            });
        }
        return all;
    }
}
