package io.milena.server.cluster;

import org.jspecify.annotations.Nullable;

/** A live broker as clients of one listener reach it. */
public record BrokerNode(
        int id, String host, int port, @Nullable String rack) {}
