package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterUserScramCredentialsRequest;
import io.milena.protocol.message.AlterUserScramCredentialsResponse;
import io.milena.protocol.message.AlterUserScramCredentialsResponse.Result;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.CredentialChange;
import io.milena.server.cluster.CredentialChange.SaltedPassword;
import io.milena.server.config.Excerpt;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Gives users passwords and takes them away (KIP-554), one change for each user in a request. */
public final class AlterUserScramCredentialsHandler
        implements ApiHandler<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse> {
    private static final ChangeResult TWICE =
            new ChangeResult(ErrorCode.DUPLICATE_RESOURCE, "The user is in the request more than once.");

    private final Controller controller;

    public AlterUserScramCredentialsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ALTER_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public CompletionStage<AlterUserScramCredentialsResponse> handle(
            AlterUserScramCredentialsRequest request, RequestContext context) {
        Map<String, @Nullable CredentialChange> byUser = new LinkedHashMap<>(); // null for those named more than once
        request.deletions()
                .forEach(deletion -> add(byUser, new CredentialChange(deletion.name(), deletion.mechanism(), null)));
        request.upsertions()
                .forEach(wish -> add(
                        byUser,
                        new CredentialChange(
                                wish.name(),
                                wish.mechanism(),
                                new SaltedPassword(wish.iterations(), wish.salt(), wish.saltedPassword()))));
        List<CredentialChange> changes = new ArrayList<>();
        List<Result> results = new ArrayList<>();
        byUser.forEach((user, change) -> {
            if (change == null) {
                results.add(result(user, TWICE));
            } else {
                changes.add(change);
            }
        });
        return controller.alterCredentials(changes).thenApply(changed -> {
            for (int i = 0; i < changes.size(); i++) {
                results.add(result(changes.get(i).user(), changed.get(i)));
            }
            return new AlterUserScramCredentialsResponse().results(results);
        });
    }

    private static void add(Map<String, @Nullable CredentialChange> byUser, CredentialChange change) {
        byUser.put(change.user(), byUser.containsKey(change.user()) ? null : change);
    }

    private static Result result(String user, ChangeResult result) {
        String message = result.message();
        return new Result()
                .user(user)
                .errorCode(result.error())
                .errorMessage(message == null ? null : Excerpt.of(message));
    }
}
