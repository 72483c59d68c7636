package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ExpireDelegationTokenRequest;
import io.milena.protocol.message.ExpireDelegationTokenResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to end tokens (KIP-48): there are none. */
public final class ExpireDelegationTokenHandler
        implements ApiHandler<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.EXPIRE_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<ExpireDelegationTokenResponse> handle(
            ExpireDelegationTokenRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new ExpireDelegationTokenResponse()
                .errorCode(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED)
                .expiryTimestampMs(-1));
    }
}
