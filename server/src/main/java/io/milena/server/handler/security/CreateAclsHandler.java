package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreateAclsRequest;
import io.milena.protocol.message.CreateAclsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses every access rule, because there is no authorizer that would keep it. */
public final class CreateAclsHandler implements ApiHandler<CreateAclsRequest, CreateAclsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.CREATE_ACLS;
    }

    @Override
    public CompletionStage<CreateAclsResponse> handle(CreateAclsRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new CreateAclsResponse()
                .results(request.creations().stream()
                        .map(creation -> new CreateAclsResponse.Result()
                                .errorCode(ErrorCode.SECURITY_DISABLED)
                                .errorMessage("This broker has no authorizer."))
                        .toList()));
    }
}
