package io.milena.server.request;

import io.milena.protocol.ApiKey;
import io.milena.protocol.RequestHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/** Connections and contexts for tests that call a handler directly. */
public final class TestRequests {
    private static final int CLIENT_PORT = 50_000;
    private static final int BROKER_PORT = 9092;

    private TestRequests() {}

    /** A connection whose event loop is the given executor. */
    public static ClientConnection connection(Executor eventLoop) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new ClientConnection(
                1,
                "PLAINTEXT",
                new InetSocketAddress(loopback, CLIENT_PORT),
                new InetSocketAddress(loopback, BROKER_PORT),
                eventLoop);
    }

    /** The context of a request from a connection whose event loop is the calling thread. */
    public static RequestContext context(ApiKey apiKey, int version) {
        return context(apiKey, version, connection(Runnable::run));
    }

    /** The context of a request from this connection. */
    public static RequestContext context(ApiKey apiKey, int version, ClientConnection connection) {
        return new RequestContext(
                apiKey, new RequestHeader(apiKey.id(), (short) version, 7, "test-client"), connection);
    }
}
