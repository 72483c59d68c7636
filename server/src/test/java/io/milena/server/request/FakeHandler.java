package io.milena.server.request;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A handler that remembers its calls, in order, and leaves the answers to the test. */
public final class FakeHandler<Q extends Message, R extends Message> implements ApiHandler<Q, R> {
    private final ApiKey apiKey;
    private final boolean overlaps;
    private final Consumer<Call<Q, R>> onCall;
    private final List<Call<Q, R>> calls = new CopyOnWriteArrayList<>();

    /** One request that came in; completing the answer is up to the test. */
    public record Call<Q, R>(Q request, RequestContext context, CompletableFuture<R> answer) {}

    private FakeHandler(ApiKey apiKey, boolean overlaps, Consumer<Call<Q, R>> onCall) {
        this.apiKey = apiKey;
        this.overlaps = overlaps;
        this.onCall = onCall;
    }

    /** A handler that runs one request at a time. */
    public static <Q extends Message, R extends Message> FakeHandler<Q, R> serial(
            ApiKey apiKey, Consumer<Call<Q, R>> onCall) {
        return new FakeHandler<>(apiKey, false, onCall);
    }

    /** A handler whose requests overlap. */
    public static <Q extends Message, R extends Message> FakeHandler<Q, R> overlapping(
            ApiKey apiKey, Consumer<Call<Q, R>> onCall) {
        return new FakeHandler<>(apiKey, true, onCall);
    }

    /** All calls up to now, oldest first. */
    public List<Call<Q, R>> calls() {
        return calls;
    }

    @Override
    public ApiKey apiKey() {
        return apiKey;
    }

    @Override
    public boolean overlaps() {
        return overlaps;
    }

    @Override
    public CompletionStage<R> handle(Q request, RequestContext context) {
        Call<Q, R> call = new Call<>(request, context, new CompletableFuture<>());
        calls.add(call);
        onCall.accept(call);
        return call.answer();
    }
}
