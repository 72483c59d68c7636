package io.milena.server.partition.session;

import io.milena.protocol.message.FetchResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The fetch of one connection, from its first look at the session's partitions until its response; one after the other, in the same object.
 * A look that finds enough, or an error, ends it. One that finds too little gives everything back and parks the fetch, until enough bytes
 * came, something changed or its time is over; then it looks again.
 *
 * <p>Owned by the connection's event loop. Strands call {@link #advanced} and {@link #wake} only: whoever moves the state from
 * PARKED to WOKEN posts the one task to the event loop. A strand that is late may wake the next fetch: that looks once for nothing.
 */
final class PendingFetch implements Runnable {
    private static final int FIRST_VERSION_WITH_LEADERS = 16;

    private final FetchContext context;
    private final FetchLook look;
    private final AtomicReference<State> state = new AtomicReference<>(State.DONE);
    private final AtomicLong missingBytes = new AtomicLong();
    private FetchSession session;
    private FetchTerms terms;
    private CompletableFuture<FetchResponse> reply = new CompletableFuture<>();
    private boolean timedOut;
    private boolean waits;

    private enum State {
        LOOKING,
        PARKED,
        WOKEN,
        DONE
    }

    /** For a connection whose first fetch is this one. */
    PendingFetch(FetchSession session, FetchTerms terms, FetchContext context) {
        this.session = session;
        this.terms = terms;
        this.context = context;
        this.look = new FetchLook(session, terms, context.partitions());
    }

    /** Takes up a fetch; the one before was answered. */
    void begin(FetchSession nextSession, FetchTerms nextTerms) {
        if (!isDone()) {
            throw new IllegalStateException("the fetch before waits still");
        }
        session = nextSession;
        terms = nextTerms;
        look.begin(nextSession, nextTerms);
        state.set(State.LOOKING);
    }

    /** Looks for the first time, and parks if that is not enough. */
    CompletionStage<FetchResponse> start() {
        timedOut = terms.maxWaitMs() <= 0;
        CompletableFuture<FetchResponse> answered = new CompletableFuture<>();
        reply = answered;
        lookOrFail();
        if (!answered.isDone()) {
            waits = true;
            context.sessions().fetchWaits();
            context.timer().start(this, terms.maxWaitMs());
        }
        return answered;
    }

    /** Gives up: nobody waits for the response any more. */
    void cancel() {
        if (state.getAndSet(State.DONE) != State.DONE) {
            end();
            reply.complete(new FetchResponse());
        }
    }

    boolean isDone() {
        return state.get() == State.DONE;
    }

    /** On the event loop, after somebody woke the fetch. */
    @Override
    public void run() {
        if (state.compareAndSet(State.WOKEN, State.LOOKING)) {
            lookOrFail();
        }
    }

    /** Any strand: up to {@code bytes} more became readable in a partition of the session. */
    void advanced(SessionPartition partition, long readableEnd, long bytes) {
        if (state.get() != State.PARKED || readableEnd <= partition.fetchOffset()) {
            return;
        }
        if (bytes == Long.MAX_VALUE || missingBytes.addAndGet(-bytes) <= 0) {
            wake();
        }
    }

    FetchTerms terms() {
        return terms;
    }

    /** Any thread: there is a reason to look again. */
    void wake() {
        if (state.compareAndSet(State.PARKED, State.WOKEN)) {
            context.eventLoop().execute(this);
        }
    }

    /** The time that the client lets it wait is over. On the event loop. */
    void timeOut() {
        timedOut = true;
        if (state.compareAndSet(State.PARKED, State.LOOKING)) {
            lookOrFail();
        }
    }

    private void lookOrFail() {
        try {
            look();
        } catch (RuntimeException e) {
            state.set(State.DONE);
            end();
            session.dropIfWithoutId();
            reply.completeExceptionally(e);
        }
    }

    private void look() {
        do {
            look.lookAtReady();
            if (timedOut || look.suffices()) {
                state.set(State.DONE);
                FetchResponse response = look.respond();
                session.rotate();
                if (look.foundErrors() && terms.version() >= FIRST_VERSION_WITH_LEADERS) {
                    context.hints().addTo(response);
                }
                end();
                reply.complete(response);
                return;
            }
            look.giveBack();
            session.dropIdle();
            missingBytes.set(terms.minBytes() - look.bytes());
            session.parked(this);
            state.set(State.PARKED);
            session.watchForMore();
            // What was marked between the look and the parking woke nobody.
        } while ((session.hasDirty() || timedOut) && state.compareAndSet(State.PARKED, State.LOOKING));
    }

    private void end() {
        session.parked(null);
        if (waits) {
            waits = false;
            context.timer().stop();
            context.sessions().fetchWaitsNoMore();
        }
    }
}
