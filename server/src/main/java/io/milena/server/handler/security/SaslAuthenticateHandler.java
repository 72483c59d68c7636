package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.SaslAuthenticateRequest;
import io.milena.protocol.message.SaslAuthenticateResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to go on with a login (KIP-152): none was begun. */
public final class SaslAuthenticateHandler implements ApiHandler<SaslAuthenticateRequest, SaslAuthenticateResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.SASL_AUTHENTICATE;
    }

    @Override
    public CompletionStage<SaslAuthenticateResponse> handle(SaslAuthenticateRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new SaslAuthenticateResponse()
                .errorCode(ErrorCode.ILLEGAL_SASL_STATE)
                .errorMessage("There is no login on this listener."));
    }
}
