package io.milena.server.network;

import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All connections of a broker, and the limits on their number. For all threads. */
final class Connections {
    /** Refused connections are worth a line now and then, however many there are. */
    private static final long REFUSALS_REPORTED_EVERY_MS = 1_000;

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, Integer> perIp = new ConcurrentHashMap<>();
    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private final AtomicLong refusalReportedMs = new AtomicLong(-REFUSALS_REPORTED_EVERY_MS);
    private volatile ConnectionLimits limits;
    private volatile boolean closing;

    Connections(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Other limits, for the connections that come from now on. */
    void limits(ConnectionLimits changed) {
        limits = changed;
    }

    /** Adds a connection, which is to be removed again whatever the answer; returns why it must be closed, or nothing. */
    String add(Connection connection) {
        open.add(connection);
        InetAddress ip = connection.clientIp();
        int ofThisIp = ip == null ? 1 : perIp.merge(ip, 1, Integer::sum);
        if (closing) {
            return "the broker is stopping";
        }
        ConnectionLimits current = limits;
        if (open.size() > current.max()) {
            return "max.connections=" + current.max();
        }
        int mostOfThisIp = ip == null ? Integer.MAX_VALUE : current.from(ip);
        return ofThisIp > mostOfThisIp ? "max.connections.per.ip=" + mostOfThisIp : "";
    }

    /** Whether a refusal at this time is worth a line; only one in a while is. */
    boolean reportsRefusal(long nowMs) {
        long reportedMs = refusalReportedMs.get();
        return nowMs - reportedMs >= REFUSALS_REPORTED_EVERY_MS && refusalReportedMs.compareAndSet(reportedMs, nowMs);
    }

    void remove(Connection connection) {
        if (open.remove(connection)) {
            InetAddress ip = connection.clientIp();
            if (ip != null) {
                perIp.computeIfPresent(ip, (ignored, count) -> count == 1 ? null : count - 1);
            }
        }
        completeIfDrained();
    }

    int count() {
        return open.size();
    }

    int count(String listenerName) {
        int count = 0;
        for (Connection connection : open) {
            count += connection.listenerName().equals(listenerName) ? 1 : 0;
        }
        return count;
    }

    void forEach(Consumer<Connection> action) {
        open.forEach(action);
    }

    /** From now on, connections are refused. */
    void refuse() {
        closing = true;
        completeIfDrained();
    }

    /** Completes when connections are refused and none is left. */
    CompletableFuture<@Nullable Void> drained() {
        return drained;
    }

    private void completeIfDrained() {
        if (closing && open.isEmpty()) {
            drained.complete(null);
        }
    }
}
