package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeUserScramCredentialsRequest;
import io.milena.protocol.message.DescribeUserScramCredentialsResponse;
import io.milena.server.config.Excerpt;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells which users may log in with SCRAM (KIP-554). There are none. */
public final class DescribeUserScramCredentialsHandler
        implements ApiHandler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public CompletionStage<DescribeUserScramCredentialsResponse> handle(
            DescribeUserScramCredentialsRequest request, RequestContext context) {
        List<DescribeUserScramCredentialsRequest.User> users = request.users();
        if (users == null || users.isEmpty()) {
            return CompletableFuture.completedStage(new DescribeUserScramCredentialsResponse().errorMessage(null));
        }
        Map<String, Integer> mentions = new HashMap<>();
        users.forEach(user -> mentions.merge(user.name(), 1, Integer::sum));
        return CompletableFuture.completedStage(new DescribeUserScramCredentialsResponse()
                .errorMessage(null)
                .results(mentions.entrySet().stream()
                        .map(user -> result(user.getKey(), user.getValue()))
                        .toList()));
    }

    private static DescribeUserScramCredentialsResponse.Result result(String name, int mentions) {
        return new DescribeUserScramCredentialsResponse.Result()
                .user(name)
                .errorCode(mentions > 1 ? ErrorCode.DUPLICATE_RESOURCE : ErrorCode.RESOURCE_NOT_FOUND)
                .errorMessage(
                        mentions > 1
                                ? "The user is in the request more than once."
                                : "There is no user " + Excerpt.of(name) + ".");
    }
}
