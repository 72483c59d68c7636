package io.milena.server.request;

import io.milena.protocol.ApiKey;
import io.milena.protocol.RequestHeader;
import io.milena.protocol.wire.Reader;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of one request. Unchanging, but for the wishes a handler can voice about the response; those are set on the
 * connection's event loop before {@link ApiHandler#handle} returns, or else before its stage completes.
 */
public final class RequestContext {
    /** Whoever did not log in. */
    public static final String ANONYMOUS = "ANONYMOUS";

    private final ApiKey apiKey;
    private final short apiVersion;
    private final int correlationId;
    private final @Nullable String clientId;
    private final ClientConnection connection;
    private final Runnable releaseRecords;

    private volatile boolean responseExpected = true;
    private volatile int throttleMs;
    private volatile int expectedWaitMs;
    private boolean completesOutsideStrands;

    public RequestContext(ApiKey apiKey, RequestHeader header, ClientConnection connection) {
        this(apiKey, header, connection, () -> {});
    }

    /** @param releaseRecords gives back the frame that the request's records are slices of; may be run more than once */
    public RequestContext(ApiKey apiKey, RequestHeader header, ClientConnection connection, Runnable releaseRecords) {
        this.apiKey = apiKey;
        this.apiVersion = header.apiVersion();
        this.correlationId = header.correlationId();
        this.clientId = header.clientId();
        this.connection = connection;
        this.releaseRecords = releaseRecords;
    }

    private RequestContext(Reader reader, ApiKey apiKey, ClientConnection connection, Runnable releaseRecords) {
        this.apiKey = apiKey;
        reader.readInt16();
        apiVersion = reader.readInt16();
        correlationId = reader.readInt32();
        clientId = reader.readNullableString(connection.clientId());
        if (apiKey.requestHeaderVersion(apiVersion) >= RequestHeader.FIRST_VERSION_WITH_TAGS) {
            reader.skipTags();
        }
        this.connection = connection;
        this.releaseRecords = releaseRecords;
    }

    /**
     * Reads the header of a request, without making one.
     *
     * @param connection knows what the client called itself before
     * @throws io.milena.protocol.wire.ProtocolException if it is malformed
     */
    public static RequestContext read(
            Reader reader, ApiKey apiKey, ClientConnection connection, Runnable releaseRecords) {
        return new RequestContext(reader, apiKey, connection, releaseRecords);
    }

    public ApiKey apiKey() {
        return apiKey;
    }

    public short apiVersion() {
        return apiVersion;
    }

    public int correlationId() {
        return correlationId;
    }

    public @Nullable String clientId() {
        return clientId;
    }

    /** What the client calls itself; empty if it says nothing. */
    public String clientName() {
        return clientId == null ? "" : clientId;
    }

    /** Who asks, by the name that quotas know. */
    public String user() {
        return ANONYMOUS;
    }

    public ClientConnection connection() {
        return connection;
    }

    public InetSocketAddress clientAddress() {
        return connection.clientAddress();
    }

    /** The address the client connected to. */
    public InetSocketAddress localAddress() {
        return connection.localAddress();
    }

    public String listenerName() {
        return connection.listenerName();
    }

    /**
     * Nothing will be sent for this request: a produce with acks=0. The stage completes as always, its response is thrown away;
     * an error the client should notice is a {@link CloseConnectionException}.
     */
    public void expectNoResponse() {
        responseExpected = false;
    }

    public boolean isResponseExpected() {
        return responseExpected;
    }

    /**
     * The records of the request are not needed any more, though it is not answered yet: they are in the log, say, and wait for
     * replicas. Gives back memory that other requests may be waiting for. On any thread, any number of times; happens by itself when the stage
     * completes.
     */
    public void releaseRecords() {
        releaseRecords.run();
    }

    /** After the response, which goes out at once, nothing is read from this connection for that long (KIP-219). */
    public void throttle(int throttleMs) {
        this.throttleMs = throttleMs;
    }

    public int throttleMs() {
        return throttleMs;
    }

    /**
     * The stage is completed by a task of the connection's event loop, in no strand: then the response is written there and then. To be said
     * before {@link ApiHandler#handle} returns.
     */
    public void completeOutsideStrands() {
        completesOutsideStrands = true;
    }

    public boolean completesOutsideStrands() {
        return completesOutsideStrands;
    }

    /** The client lets this request wait, for records or for others; that does not make it a slow one. */
    public void expectWait(int expectedWaitMs) {
        this.expectedWaitMs = Math.max(0, expectedWaitMs);
    }

    public int expectedWaitMs() {
        return expectedWaitMs;
    }

    /** Who asked what, for the log. */
    @Override
    public String toString() {
        return "client=" + connection + " clientId=" + clientId() + " api=" + apiKey + " version=" + apiVersion()
                + " correlationId=" + correlationId();
    }
}
