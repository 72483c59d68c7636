package io.milena.server.network;

import io.milena.protocol.Message;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request and what becomes of it. Belongs to the connection's event loop. */
final class Exchange {
    private final RequestContext context;
    private final int responseVersion;
    private final boolean overlapping;
    private final Supplier<? extends CompletionStage<? extends Message>> call;

    private long receivedNanos;
    private int requestBytes;
    private @Nullable Message response;
    private @Nullable Throwable failure;

    /**
     * @param responseVersion the version to answer in; the request's, but for an ApiVersions request of an unknown version
     * @param overlapping whether the next request may be started before this one is answered
     * @param call brings the request to its handler
     */
    Exchange(
            RequestContext context,
            int responseVersion,
            boolean overlapping,
            Supplier<? extends CompletionStage<? extends Message>> call) {
        this.context = context;
        this.responseVersion = responseVersion;
        this.overlapping = overlapping;
        this.call = call;
    }

    /** Notes when the request had arrived, on the clock of the broker's timers, and its size with the length before it. */
    void arrived(long nanos, int bytes) {
        receivedNanos = nanos;
        requestBytes = bytes;
    }

    long receivedNanos() {
        return receivedNanos;
    }

    int requestBytes() {
        return requestBytes;
    }

    RequestContext context() {
        return context;
    }

    int responseVersion() {
        return responseVersion;
    }

    boolean isOverlapping() {
        return overlapping;
    }

    CompletionStage<? extends Message> call() {
        return call.get();
    }

    void complete(@Nullable Message response, @Nullable Throwable failure) {
        this.response = response;
        this.failure = failure;
    }

    boolean isDone() {
        return response != null || failure != null;
    }

    @Nullable
    Message response() {
        return response;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }
}
