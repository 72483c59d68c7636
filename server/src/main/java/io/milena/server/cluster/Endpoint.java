package io.milena.server.cluster;

import java.net.InetSocketAddress;

/**
 * Where clients reach a broker through one of its listeners.
 *
 * @param listenerName the listener, in capitals
 * @param host what clients connect to; empty when nothing was advertised, then every client is told the host it came through
 * @param port what clients connect to; 0 when nothing was advertised
 */
public record Endpoint(String listenerName, String host, int port) {
    /** This endpoint as a client sees it that reached the broker at {@code localAddress}. */
    public Endpoint seenFrom(InetSocketAddress localAddress) {
        if (!host.isEmpty()) {
            return this;
        }
        String address = localAddress.getAddress() == null
                ? localAddress.getHostString()
                : localAddress.getAddress().getHostAddress();
        int zone = address.indexOf('%');
        return new Endpoint(listenerName, zone < 0 ? address : address.substring(0, zone), localAddress.getPort());
    }
}
