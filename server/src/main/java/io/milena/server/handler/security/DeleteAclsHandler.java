package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteAclsRequest;
import io.milena.protocol.message.DeleteAclsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says for every filter that there are no access rules, because there is no authorizer. */
public final class DeleteAclsHandler implements ApiHandler<DeleteAclsRequest, DeleteAclsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.DELETE_ACLS;
    }

    @Override
    public CompletionStage<DeleteAclsResponse> handle(DeleteAclsRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new DeleteAclsResponse()
                .filterResults(request.filters().stream()
                        .map(filter -> new DeleteAclsResponse.FilterResult()
                                .errorCode(ErrorCode.SECURITY_DISABLED)
                                .errorMessage("This broker has no authorizer."))
                        .toList()));
    }
}
