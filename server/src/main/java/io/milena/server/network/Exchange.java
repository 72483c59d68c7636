package io.milena.server.network;

import io.milena.protocol.Message;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One request and what becomes of it. Belongs to the connection's event loop. */
final class Exchange {
    private final RequestContext context;
    private final int responseVersion;
    private final @Nullable ApiHandler<?, ?> handler;
    private final Message message;

    private long receivedNanos;
    private int requestBytes;
    private @Nullable Message response;
    private @Nullable Throwable failure;

    private Exchange(RequestContext context, int responseVersion, @Nullable ApiHandler<?, ?> handler, Message message) {
        this.context = context;
        this.responseVersion = responseVersion;
        this.handler = handler;
        this.message = message;
    }

    /** A request for the handler of its API, to be answered in the version it has. */
    static Exchange of(RequestContext context, ApiHandler<?, ?> handler, Message request) {
        return new Exchange(context, context.apiVersion(), handler, request);
    }

    /** A request whose response is known, to be written in another version perhaps. */
    static Exchange answered(RequestContext context, int responseVersion, Message response) {
        return new Exchange(context, responseVersion, null, response);
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

    /** Whether the next request may be started before this one is answered. */
    boolean isOverlapping() {
        return handler != null && handler.overlaps();
    }

    /** Brings the request to its handler. */
    CompletionStage<? extends Message> call() {
        return handler == null ? CompletableFuture.completedFuture(message) : call(handler, message, context);
    }

    /** The list of handlers pairs each API with the handler of its messages, which the compiler cannot know. */
    @SuppressWarnings("unchecked")
    private static <Q extends Message, R extends Message> CompletionStage<R> call(
            ApiHandler<Q, R> handler, Message request, RequestContext context) {
        return handler.handle((Q) request, context);
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
