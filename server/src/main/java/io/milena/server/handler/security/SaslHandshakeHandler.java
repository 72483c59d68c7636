package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.SaslHandshakeRequest;
import io.milena.protocol.message.SaslHandshakeResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to begin a login (KIP-43): the listener asks for none. */
public final class SaslHandshakeHandler implements ApiHandler<SaslHandshakeRequest, SaslHandshakeResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.SASL_HANDSHAKE;
    }

    @Override
    public CompletionStage<SaslHandshakeResponse> handle(SaslHandshakeRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new SaslHandshakeResponse().errorCode(ErrorCode.ILLEGAL_SASL_STATE));
    }
}
