package io.milena.server.metrics;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * What clients asked of a broker, on all its event loops together. Any thread.
 *
 * <p>There are as many numbers as pairs of an API and a version, or an error, that ever occurred: bounded by the protocol.
 */
public final class RequestStatistics {
    private final Map<Object, LoopRequests> loops = new ConcurrentHashMap<>();
    private final Set<Answered> answered = ConcurrentHashMap.newKeySet();
    private final Set<Failed> failed = ConcurrentHashMap.newKeySet();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder invalid = new LongAdder();
    private final LongAdder slow = new LongAdder();

    /** Requests of one API and version. */
    record Answered(ApiKey api, int version) {}

    /** Errors in responses of one API. */
    record Failed(ApiKey api, ErrorCode error) {}

    /** Is told of what occurs for the first time; on an event loop, so it must not wait. */
    interface Listener {
        void appeared(Answered requests);

        void appeared(Failed errors);
    }

    /** The part that an event loop writes; the same one for the same loop. */
    public LoopRequests of(Object loop) {
        return loops.computeIfAbsent(loop, key -> new LoopRequests(this));
    }

    /** A connection was accepted. */
    public void accepted() {
        accepted.increment();
    }

    /** A connection was refused because there are too many. */
    public void refused() {
        refused.increment();
    }

    /** A connection was closed since what came was no request, or one that is not served. */
    public void invalid() {
        invalid.increment();
    }

    /** A request took longer than {@code milena.slow.request.ms} allows. */
    public void slow() {
        slow.increment();
    }

    long connectionsAccepted() {
        return accepted.sum();
    }

    long connectionsRefused() {
        return refused.sum();
    }

    long requestsInvalid() {
        return invalid.sum();
    }

    long requestsSlow() {
        return slow.sum();
    }

    /** Adds a listener and tells it of all that occurred before. */
    void subscribe(Listener listener) {
        listeners.add(listener);
        answered.forEach(listener::appeared);
        failed.forEach(listener::appeared);
    }

    void unsubscribe(Listener listener) {
        listeners.remove(listener);
    }

    void appeared(ApiKey api, int version) {
        Answered requests = new Answered(api, version);
        if (answered.add(requests)) {
            listeners.forEach(listener -> listener.appeared(requests));
        }
    }

    void appeared(ApiKey api, ErrorCode error) {
        Failed errors = new Failed(api, error);
        if (failed.add(errors)) {
            listeners.forEach(listener -> listener.appeared(errors));
        }
    }

    long sum(Answered requests, ToLongFunction<RequestCounts> number) {
        long sum = 0;
        for (LoopRequests loop : loops.values()) {
            RequestCounts counts = loop.find(requests.api(), requests.version());
            sum += counts == null ? 0 : number.applyAsLong(counts);
        }
        return sum;
    }

    List<Durations> durations(Answered requests) {
        List<Durations> durations = new ArrayList<>(loops.size());
        for (LoopRequests loop : loops.values()) {
            RequestCounts counts = loop.find(requests.api(), requests.version());
            if (counts != null) {
                durations.add(counts.durations());
            }
        }
        return durations;
    }

    /** The same over all APIs and versions. */
    long sum(ToLongFunction<RequestCounts> number) {
        long sum = 0;
        for (Answered requests : answered) {
            sum += sum(requests, number);
        }
        return sum;
    }

    long errors(Failed errors) {
        long sum = 0;
        for (LoopRequests loop : loops.values()) {
            sum += loop.errors(errors.api(), errors.error());
        }
        return sum;
    }
}
