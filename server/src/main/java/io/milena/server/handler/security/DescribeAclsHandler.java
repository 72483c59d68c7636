package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeAclsRequest;
import io.milena.protocol.message.DescribeAclsResponse;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says that there are no access rules to describe, because there is no authorizer. */
public final class DescribeAclsHandler implements ApiHandler<DescribeAclsRequest, DescribeAclsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_ACLS;
    }

    @Override
    public CompletionStage<DescribeAclsResponse> handle(DescribeAclsRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new DescribeAclsResponse()
                .errorCode(ErrorCode.SECURITY_DISABLED)
                .errorMessage("This broker has no authorizer."));
    }
}
