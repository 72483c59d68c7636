package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeUserScramCredentialsRequest;
import io.milena.protocol.message.DescribeUserScramCredentialsResponse;
import io.milena.protocol.message.DescribeUserScramCredentialsResponse.CredentialInfo;
import io.milena.protocol.message.DescribeUserScramCredentialsResponse.Result;
import io.milena.server.cluster.ImageSource;
import io.milena.server.config.Excerpt;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells which users have passwords and how these were hashed, never the passwords (KIP-554). */
public final class DescribeUserScramCredentialsHandler
        implements ApiHandler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse> {
    private final ImageSource images;

    public DescribeUserScramCredentialsHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public CompletionStage<DescribeUserScramCredentialsResponse> handle(
            DescribeUserScramCredentialsRequest request, RequestContext context) {
        Map<String, List<CredentialInfo>> known = known();
        List<Result> results = new ArrayList<>();
        List<DescribeUserScramCredentialsRequest.User> users = request.users();
        if (users == null || users.isEmpty()) {
            known.forEach((user, credentials) -> results.add(found(user, credentials)));
        } else {
            Map<String, Integer> mentions = new HashMap<>();
            users.forEach(user -> mentions.merge(user.name(), 1, Integer::sum));
            mentions.forEach((user, count) -> results.add(
                    count > 1
                            ? refused(user, ErrorCode.DUPLICATE_RESOURCE, "The user is in the request more than once.")
                            : result(user, known)));
        }
        return CompletableFuture.completedStage(
                new DescribeUserScramCredentialsResponse().errorMessage(null).results(results));
    }

    private Map<String, List<CredentialInfo>> known() {
        Map<String, List<CredentialInfo>> known = new TreeMap<>();
        images.image().credentials().entrySet().stream()
                .sorted(Comparator.comparing(credential -> credential.getKey().mechanism()))
                .forEach(credential -> known.computeIfAbsent(credential.getKey().user(), user -> new ArrayList<>())
                        .add(new CredentialInfo()
                                .mechanism(credential.getKey().mechanism().code())
                                .iterations(credential.getValue().iterations())));
        return known;
    }

    private static Result result(String user, Map<String, List<CredentialInfo>> known) {
        List<CredentialInfo> credentials = known.get(user);
        return credentials == null
                ? refused(user, ErrorCode.RESOURCE_NOT_FOUND, "There is no user " + Excerpt.of(user) + ".")
                : found(user, credentials);
    }

    private static Result found(String user, List<CredentialInfo> credentials) {
        return new Result().user(user).errorMessage(null).credentialInfos(credentials);
    }

    private static Result refused(String user, ErrorCode error, String message) {
        return new Result().user(user).errorCode(error).errorMessage(message);
    }
}
