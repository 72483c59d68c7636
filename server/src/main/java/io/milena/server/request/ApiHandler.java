package io.milena.server.request;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.protocol.Versions;
import io.milena.protocol.wire.Reader;
import java.util.concurrent.CompletionStage;

/**
 * Answers the requests of one API. One class per API, without state of its own.
 *
 * @param <Q> the generated request of {@link #apiKey()}, or what {@link #read} makes in its place
 * @param <R> the generated response of {@link #apiKey()}, or what writes the same
 */
public interface ApiHandler<Q extends Message, R extends Message> {
    ApiKey apiKey();

    /** The versions served and announced: the schema's, unless the handler narrows them. */
    default Versions versions() {
        return apiKey().versions();
    }

    /** Whether clients are told that this API is served. */
    default boolean announced() {
        return true;
    }

    /**
     * Whether the next request of a connection may be handled before this one is answered. False, Kafka's way, for all but the few
     * whose order is settled by the time {@link #handle} returns. Replies keep the order of requests in any case.
     */
    default boolean overlaps() {
        return false;
    }

    /**
     * Reads a request, behind its header. Called on the connection's event loop; the reader stands for a frame that is only kept for
     * {@link ApiKey#PRODUCE}.
     *
     * @throws io.milena.protocol.wire.ProtocolException if it is malformed
     */
    @SuppressWarnings("unchecked") // the generated message is the request of the API
    default Q read(Reader reader, int version, ClientConnection connection) {
        return (Q) apiKey().readRequest(reader, version);
    }

    /**
     * Answers a request. Called on the connection's event loop, in request order; must have brought all ordered work to its strands
     * when it returns, and never blocks. The stage may be completed by any thread.
     *
     * <p>Errors a client can cause are part of the response. A stage that fails, or an exception thrown, closes the connection: without
     * further ado for a {@link CloseConnectionException}, with an error in the log for anything else, which is a defect. For a
     * request that wants no response, see {@link RequestContext#expectNoResponse()}.
     *
     * <p>Records in the request are slices of the frame: they are valid until the stage completes or
     * {@link RequestContext#releaseRecords()} is called, and no longer. Records in the response are released by the network, written or
     * not.
     */
    CompletionStage<R> handle(Q request, RequestContext context);
}
