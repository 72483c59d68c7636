package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClientQuotasRequest;
import io.milena.protocol.message.DescribeClientQuotasResponse;
import io.milena.server.config.Excerpt;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells the quotas that match a filter (KIP-546). There are none; a filter that makes no sense is refused. */
public final class DescribeClientQuotasHandler
        implements ApiHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse> {
    private static final String USER = "user";
    private static final String CLIENT = "client-id";
    private static final String IP = "ip";

    /** An exact name, the default, any name. */
    private static final int MATCH_TYPES = 3;

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public CompletionStage<DescribeClientQuotasResponse> handle(
            DescribeClientQuotasRequest request, RequestContext context) {
        Set<String> types = new HashSet<>();
        for (DescribeClientQuotasRequest.Component component : request.components()) {
            DescribeClientQuotasResponse refusal = refusal(component, types);
            if (refusal != null) {
                return CompletableFuture.completedStage(refusal);
            }
        }
        if (types.contains(IP) && types.size() > 1) {
            return CompletableFuture.completedStage(
                    refusal(ErrorCode.INVALID_REQUEST, "An ip cannot be combined with a user or a client."));
        }
        return CompletableFuture.completedStage(
                new DescribeClientQuotasResponse().errorMessage(null).entries(List.of()));
    }

    private static @Nullable DescribeClientQuotasResponse refusal(
            DescribeClientQuotasRequest.Component component, Set<String> types) {
        String type = component.entityType();
        if (type.isEmpty()) {
            return refusal(ErrorCode.INVALID_REQUEST, "A component of the filter has no entity type.");
        }
        if (!types.add(type)) {
            return refusal(ErrorCode.INVALID_REQUEST, "The filter has the entity type " + type + " more than once.");
        }
        if (component.matchType() < 0 || component.matchType() >= MATCH_TYPES) {
            return refusal(ErrorCode.INVALID_REQUEST, "There is no match type " + component.matchType() + ".");
        }
        boolean exact = component.matchType() == 0;
        if (exact != (component.match() != null)) {
            return refusal(ErrorCode.INVALID_REQUEST, "A name belongs to an exact match, and only to that.");
        }
        return Set.of(USER, CLIENT, IP).contains(type)
                ? null
                : refusal(ErrorCode.UNSUPPORTED_VERSION, "There is no entity type " + type + ".");
    }

    private static DescribeClientQuotasResponse refusal(ErrorCode error, String message) {
        return new DescribeClientQuotasResponse()
                .errorCode(error)
                .errorMessage(Excerpt.of(message))
                .entries(null);
    }
}
