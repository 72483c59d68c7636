package io.milena.server.handler.records;

import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;

/** Sends messages to a handler that takes bytes: writes the request and reads the response in the version of the context. */
final class TestProducer {
    private final ProduceHandler handler;

    TestProducer(ProduceHandler handler) {
        this.handler = handler;
    }

    CompletableFuture<ProduceResponse> produce(ProduceRequest request, RequestContext context) {
        Writer writer = new Writer(256);
        request.write(writer, context.apiVersion());
        ProduceOperation read = handler.read(new Reader(writer.joined()), context.apiVersion(), context.connection());
        return handler.handle(read, context)
                .thenApply(answered -> response(answered, context.apiVersion()))
                .toCompletableFuture();
    }

    private static ProduceResponse response(ProduceOperation answered, int version) {
        Writer writer = new Writer(256);
        answered.write(writer, version);
        return ProduceResponse.read(new Reader(writer.joined()), version);
    }
}
