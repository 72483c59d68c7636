package io.milena.server.network;

import java.net.InetAddress;
import java.util.Map;

/**
 * How many connections may be open; more are closed at once.
 *
 * @param max max.connections: of all listeners
 * @param maxPerIp max.connections.per.ip: from one address
 * @param overrides max.connections.per.ip.overrides: from single addresses instead
 */
public record ConnectionLimits(int max, int maxPerIp, Map<InetAddress, Integer> overrides) {
    public ConnectionLimits {
        overrides = Map.copyOf(overrides);
    }

    int from(InetAddress address) {
        return overrides.getOrDefault(address, maxPerIp);
    }
}
