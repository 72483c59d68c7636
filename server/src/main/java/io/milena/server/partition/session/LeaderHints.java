package io.milena.server.partition.session;

import io.milena.protocol.message.FetchResponse;

/** Tells clients that asked the wrong broker who leads (KIP-951). Belongs to one connection. */
public interface LeaderHints {
    /** Adds the current leaders of the partitions that failed for want of the right one, and where those brokers are. */
    void addTo(FetchResponse response);
}
