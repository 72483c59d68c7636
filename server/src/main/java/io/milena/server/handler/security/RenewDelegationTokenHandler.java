package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.RenewDelegationTokenRequest;
import io.milena.protocol.message.RenewDelegationTokenResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to prolong tokens (KIP-48): there are none. */
public final class RenewDelegationTokenHandler
        implements ApiHandler<RenewDelegationTokenRequest, RenewDelegationTokenResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.RENEW_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<RenewDelegationTokenResponse> handle(
            RenewDelegationTokenRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new RenewDelegationTokenResponse()
                .errorCode(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED)
                .expiryTimestampMs(-1));
    }
}
