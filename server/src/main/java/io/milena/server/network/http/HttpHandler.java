package io.milena.server.network.http;

import java.util.concurrent.CompletionStage;

/** Answers requests. Called on event loops, so it must not block; the stage may be completed by any thread. */
@FunctionalInterface
public interface HttpHandler {
    /** A stage that fails is answered with status 500. */
    CompletionStage<HttpReply> handle(HttpRequest request);
}
