package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateDelegationTokenRequest;
import io.milena.protocol.message.CreateDelegationTokenResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to give out tokens (KIP-48): they are for clients that have logged in, and nobody can log in yet. */
public final class CreateDelegationTokenHandler
        implements ApiHandler<CreateDelegationTokenRequest, CreateDelegationTokenResponse> {
    private static final int FIRST_VERSION_WITH_REQUESTER = 3;

    @Override
    public ApiKey apiKey() {
        return ApiKey.CREATE_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<CreateDelegationTokenResponse> handle(
            CreateDelegationTokenRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new CreateDelegationTokenResponse()
                .errorCode(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED)
                .principalType(Anonymous.TYPE)
                .principalName(Anonymous.NAME)
                .tokenRequesterPrincipalType(context.apiVersion() < FIRST_VERSION_WITH_REQUESTER ? "" : Anonymous.TYPE)
                .tokenRequesterPrincipalName(context.apiVersion() < FIRST_VERSION_WITH_REQUESTER ? "" : Anonymous.NAME)
                .issueTimestampMs(-1)
                .expiryTimestampMs(-1)
                .maxTimestampMs(-1));
    }
}
