package io.milena.server.coordinator.group.record;

import java.util.List;

/**
 * What a member of a consumer group that speaks the classic protocol said when it joined.
 *
 * @param sessionTimeoutMs how long it may be silent
 * @param protocols what it can do, the best first
 */
public record ClassicSupport(int sessionTimeoutMs, List<Protocol> protocols) {
    public ClassicSupport {
        protocols = List.copyOf(protocols);
    }

    /**
     * One way of sharing work that the member knows.
     *
     * @param name of an assignor
     * @param metadata its subscription
     */
    public record Protocol(String name, OpaqueBytes metadata) {}
}
