package io.milena.server.handler.group;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.coordinator.group.GroupFixture;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.TestRequests;
import java.util.concurrent.CompletionStage;

/** Sends requests to handlers as a client would: as bytes of some version, there and back. */
final class GroupRequests {
    private final GroupFixture fixture;

    GroupRequests(GroupFixture fixture) {
        this.fixture = fixture;
    }

    /** The response, which must be there at once. */
    <Q extends Message, R extends Message> R send(ApiHandler<Q, R> handler, Q request, int version) {
        return receive(handler, begin(handler, request, version), version);
    }

    /** A response that may have to wait. */
    <Q extends Message, R extends Message> CompletionStage<R> begin(ApiHandler<Q, R> handler, Q request, int version) {
        ApiKey apiKey = handler.apiKey();
        Writer writer = new Writer(256);
        request.write(writer, version);
        @SuppressWarnings("unchecked")
        Q received = (Q) apiKey.readRequest(new Reader(writer.buffer()), version);
        CompletionStage<R> response = handler.handle(received, TestRequests.context(apiKey, version));
        fixture.settle();
        return response;
    }

    /** The response a client reads. */
    @SuppressWarnings("unchecked")
    <R extends Message> R receive(ApiHandler<?, R> handler, CompletionStage<R> response, int version) {
        Writer writer = new Writer(256);
        fixture.reply(response).write(writer, version);
        return (R) handler.apiKey().readResponse(new Reader(writer.buffer()), version);
    }
}
