package io.milena.server.partition.session;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.partition.session.FetchSession.PartitionKey;
import io.milena.server.strand.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of one connection and the fetch that is under way. Owned by the connection's event loop; ends with the connection,
 * and then nothing of it is left in any partition.
 */
public final class ConnectionFetches implements AutoCloseable {
    /** Sessions one connection may have; the oldest goes. Clients have one. */
    private static final int MAX_SESSIONS = 8;

    /** The first version that names topics by id. */
    private static final int FIRST_WITH_TOPIC_IDS = 13;

    private final FetchSessions slots;
    private final FetchContext context;
    private final ColdReads.Reader coldReads;
    private final List<FetchSession> sessions = new ArrayList<>(1);
    private @Nullable FetchSession withoutId;
    private @Nullable FetchTerms lastTerms;
    private @Nullable PendingFetch current;

    public ConnectionFetches(
            FetchSessions slots, PartitionLookup partitions, LeaderHints hints, Timers timers, Executor eventLoop) {
        this.slots = slots;
        this.context = new FetchContext(partitions, hints, slots, new FetchTimer(timers, eventLoop), eventLoop);
        this.coldReads = slots.coldReads();
    }

    /** Terms with these values: those of the fetch before if they are the same, as they mostly are. See {@link FetchTerms}. */
    public FetchTerms terms(int version, FetchTerms.Reader reader, int maxWaitMs, int minBytes, int maxBytes) {
        FetchTerms terms = lastTerms;
        if (terms == null || !terms.are(version, reader, maxWaitMs, minBytes, maxBytes)) {
            terms = new FetchTerms(version, reader, maxWaitMs, minBytes, maxBytes);
            lastTerms = terms;
        }
        return terms;
    }

    /** Answers a fetch, now or when there is enough to send. The fetch before must have been answered. */
    public CompletionStage<FetchResponse> fetch(FetchRequest request, FetchTerms terms) {
        FetchSession session;
        if (request.sessionEpoch() == SessionEpoch.INITIAL || request.sessionEpoch() == SessionEpoch.FINAL) {
            remove(request.sessionId());
            session = begin(request.sessionEpoch(), terms.version());
            update(session, request);
            session.dropUnnamed();
        } else {
            FetchSession known = find(request.sessionId());
            ErrorCode error = check(known, request.sessionEpoch(), terms.version());
            if (known == null || error != ErrorCode.NONE) {
                return CompletableFuture.completedFuture(new FetchResponse().errorCode(error));
            }
            session = known;
            update(session, request);
            session.advanceEpoch();
            if (session.size() == 0) {
                remove(session.id());
                session = begin(SessionEpoch.FINAL, terms.version());
                session.dropUnnamed();
            }
        }
        PendingFetch fetch = current;
        if (fetch == null) {
            fetch = new PendingFetch(session, terms, context);
            current = fetch;
        }
        fetch.begin(session, terms);
        return fetch.start();
    }

    /** How many sessions this connection has. */
    int size() {
        return sessions.size();
    }

    @Override
    public void close() {
        if (current != null) {
            current.cancel();
            current = null;
        }
        context.timer().close();
        for (FetchSession session : sessions) {
            slots.free(session.id());
            session.close();
        }
        sessions.clear();
        closeWithoutId();
        coldReads.close();
    }

    private FetchSession begin(int epoch, int version) {
        boolean usesTopicIds = version >= FIRST_WITH_TOPIC_IDS;
        if (epoch == SessionEpoch.FINAL) {
            return withoutId(usesTopicIds);
        }
        if (sessions.size() == MAX_SESSIONS) {
            remove(sessions.get(0).id());
        }
        int id = slots.take();
        if (id == FetchSession.NO_ID) {
            return withoutId(usesTopicIds);
        }
        closeWithoutId();
        FetchSession session = new FetchSession(id, usesTopicIds, coldReads);
        sessions.add(session);
        return session;
    }

    private FetchSession withoutId(boolean usesTopicIds) {
        FetchSession session = withoutId;
        if (session == null || session.usesTopicIds() != usesTopicIds) {
            closeWithoutId();
            session = new FetchSession(FetchSession.NO_ID, usesTopicIds, coldReads);
            withoutId = session;
        }
        session.beginAnew();
        return session;
    }

    private void closeWithoutId() {
        if (withoutId != null) {
            withoutId.close();
            withoutId = null;
        }
    }

    private @Nullable FetchSession find(int id) {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).id() == id) {
                return sessions.get(i);
            }
        }
        return null;
    }

    private void remove(int id) {
        FetchSession session = find(id);
        if (session != null) {
            sessions.remove(session);
            slots.free(id);
            session.close();
        }
    }

    private static ErrorCode check(@Nullable FetchSession session, int epoch, int version) {
        if (session == null) {
            return ErrorCode.FETCH_SESSION_ID_NOT_FOUND;
        }
        if (session.expectedEpoch() != epoch) {
            return ErrorCode.INVALID_FETCH_SESSION_EPOCH;
        }
        return session.usesTopicIds() == version >= FIRST_WITH_TOPIC_IDS
                ? ErrorCode.NONE
                : ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR;
    }

    private static void update(FetchSession session, FetchRequest request) {
        List<FetchRequest.Topic> topics = request.topics();
        for (int i = 0; i < topics.size(); i++) { // without iterators, as this is done for every fetch
            FetchRequest.Topic topic = topics.get(i);
            Object name = session.usesTopicIds() ? topic.topicId() : topic.topic();
            List<FetchRequest.Partition> partitions = topic.partitions();
            for (int j = 0; j < partitions.size(); j++) {
                FetchRequest.Partition wanted = partitions.get(j);
                session.want(name, wanted);
            }
        }
        List<FetchRequest.ForgottenTopic> forgotten = request.forgottenTopicsData();
        for (int i = 0; i < forgotten.size(); i++) {
            FetchRequest.ForgottenTopic topic = forgotten.get(i);
            Object name = session.usesTopicIds() ? topic.topicId() : topic.topic();
            for (int index : topic.partitions()) {
                session.forget(new PartitionKey(name, index));
            }
        }
    }
}
