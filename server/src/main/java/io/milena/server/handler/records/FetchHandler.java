package io.milena.server.handler.records;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.wire.Reader;
import io.milena.server.cluster.ImageSource;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.partition.session.ConnectionFetches;
import io.milena.server.partition.session.FetchSessions;
import io.milena.server.partition.session.FetchTerms;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timers;
import java.util.concurrent.CompletionStage;

/** Fetch. The work is done by the connection's {@link ConnectionFetches}; here a request's fields become its terms. */
public final class FetchHandler implements ApiHandler<FetchRequest, FetchResponse> {
    private static final byte READ_COMMITTED = 1;
    private static final int CONSUMER = -1;
    private static final int FIRST_VERSION_WITH_REPLICA_STATE = 15;

    private final PartitionLookup partitions;
    private final ImageSource images;
    private final FetchSessions sessions;
    private final Timers timers;
    private final int maxBytes;

    /** @param maxBytes the most a response may carry whatever the client allows, {@code fetch.max.bytes} */
    public FetchHandler(
            PartitionLookup partitions, ImageSource images, FetchSessions sessions, Timers timers, int maxBytes) {
        this.partitions = partitions;
        this.images = images;
        this.sessions = sessions;
        this.timers = timers;
        this.maxBytes = maxBytes;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.FETCH;
    }

    @Override
    public FetchRequest read(Reader reader, int version, ClientConnection connection) {
        return connection.attachment(FetchFormat.class, FetchFormat::new).read(reader, version);
    }

    @Override
    public CompletionStage<FetchResponse> handle(FetchRequest request, RequestContext context) {
        context.expectWait(request.maxWaitMs());
        context.completeOutsideStrands();
        int limit = Math.min(request.maxBytes(), maxBytes);
        ClientConnection connection = context.connection();
        ConnectionFetches fetches = connection.attachment(ConnectionFetches.class, () -> fetches(connection));
        FetchTerms terms = fetches.terms(
                context.apiVersion(),
                reader(request, context.apiVersion()),
                request.maxWaitMs(),
                Math.min(request.minBytes(), limit),
                limit);
        return fetches.fetch(request, terms);
    }

    private ConnectionFetches fetches(ClientConnection connection) {
        return new ConnectionFetches(
                sessions, partitions, new FetchLeaderHints(images, connection), timers, connection.eventLoop());
    }

    private static FetchTerms.Reader reader(FetchRequest request, int version) {
        FetchRequest.ReplicaState state = request.replicaState();
        int replica;
        if (version < FIRST_VERSION_WITH_REPLICA_STATE) {
            replica = request.replicaId();
        } else {
            replica = state == null ? CONSUMER : state.replicaId();
        }
        if (replica != CONSUMER) {
            return FetchTerms.Reader.REPLICA;
        }
        return request.isolationLevel() == READ_COMMITTED ? FetchTerms.Reader.COMMITTED : FetchTerms.Reader.UNCOMMITTED;
    }
}
