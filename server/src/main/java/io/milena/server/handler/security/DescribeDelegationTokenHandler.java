package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeDelegationTokenRequest;
import io.milena.protocol.message.DescribeDelegationTokenResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to list tokens (KIP-48): there are none. */
public final class DescribeDelegationTokenHandler
        implements ApiHandler<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<DescribeDelegationTokenResponse> handle(
            DescribeDelegationTokenRequest request, RequestContext context) {
        return CompletableFuture.completedStage(
                new DescribeDelegationTokenResponse().errorCode(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED));
    }
}
