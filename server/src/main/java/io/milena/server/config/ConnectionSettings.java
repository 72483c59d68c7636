package io.milena.server.config;

import java.util.HashMap;
import java.util.Map;

/** Settings of sockets, connections and requests. */
public final class ConnectionSettings {
    private static final String OVERRIDES = "max.connections.per.ip.overrides";

    private static final int MAX_DEFAULT_THREADS = 8;

    private final BrokerSettings settings;

    ConnectionSettings(BrokerSettings settings) {
        this.settings = settings;
    }

    /**
     * Event loops that serve connections. Unless it is set, one for every two cores: the system needs as much time for what the loops send
     * and write as they do, and fewer loops wake each other less (docs/decisions/019).
     */
    public int threads() {
        return settings.isSet("num.network.threads")
                ? settings.integer("num.network.threads")
                : Math.max(1, Math.min(Runtime.getRuntime().availableProcessors() / 2, MAX_DEFAULT_THREADS));
    }

    /** Largest request, in bytes. */
    public int requestMaxBytes() {
        return settings.integer("socket.request.max.bytes");
    }

    /** Receive buffer of a connection in bytes; -1 leaves it to the system. */
    public int receiveBufferBytes() {
        return settings.integer("socket.receive.buffer.bytes");
    }

    /** Send buffer of a connection in bytes; -1 leaves it to the system. */
    public int sendBufferBytes() {
        return settings.integer("socket.send.buffer.bytes");
    }

    /** Connections that may wait to be accepted. */
    public int listenBacklog() {
        return settings.integer("socket.listen.backlog.size");
    }

    /** Most connections of the broker. */
    public int maxConnections() {
        return settings.integer("max.connections");
    }

    /** Most connections from one address. */
    public int maxConnectionsPerIp() {
        return settings.integer("max.connections.per.ip");
    }

    /** Other limits for connections from single hosts. */
    public Map<String, Integer> maxConnectionsPerIpOverrides() {
        Map<String, Integer> overrides = new HashMap<>();
        for (String entry : settings.text(OVERRIDES).split(",", -1)) {
            int colon = entry.lastIndexOf(':'); // an address may have colons of its own
            String count = entry.substring(colon + 1).strip();
            if (colon > 0 && count.matches("[0-9]{1,9}")) {
                overrides.put(entry.substring(0, colon).strip(), Integer.parseInt(count));
            } else if (!entry.isBlank()) {
                throw new InvalidSettingException(
                        OVERRIDES + " cannot be \"" + Excerpt.of(entry) + "\": it takes host:count, host:count");
            }
        }
        return overrides;
    }

    /** Time without a request after which a connection is closed, in ms. */
    public long idleMs() {
        return settings.longInteger("connections.max.idle.ms");
    }

    /** Samples that the use of client quotas is averaged over. */
    public int quotaSamples() {
        return settings.integer("quota.window.num");
    }

    /** Length of one such sample, in s. */
    public int quotaSampleSeconds() {
        return settings.integer("quota.window.size.seconds");
    }

    /** Requests that may wait before reading stops. */
    public int queuedMaxRequests() {
        return settings.integer("queued.max.requests");
    }

    /** Bytes of requests that may wait before reading stops; -1 sets no limit. */
    public long queuedMaxRequestBytes() {
        return settings.longInteger("queued.max.request.bytes");
    }
}
