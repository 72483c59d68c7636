package io.milena.server.network;

import java.util.EnumSet;
import java.util.Set;

/**
 * Decides whether the next request of a connection may be taken up: only while there is no reason against it. Belongs to the
 * connection's event loop.
 */
final class ReadGate {
    /** What speaks against another request. */
    enum Reason {
        /** The client does not read its responses fast enough. */
        UNWRITABLE,
        /** As many requests as may are in the hands of handlers. */
        BUSY,
        /** The requests of all connections take as much memory as they may. */
        REQUEST_MEMORY,
        /** The client is over its quota. */
        THROTTLED,
        /** The connection is about to be closed. */
        CLOSING
    }

    private final Runnable whenOpened;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** @param whenOpened run whenever the last reason goes away */
    ReadGate(Runnable whenOpened) {
        this.whenOpened = whenOpened;
    }

    boolean isOpen() {
        return reasons.isEmpty();
    }

    boolean isClosedFor(Reason reason) {
        return reasons.contains(reason);
    }

    void close(Reason reason) {
        reasons.add(reason);
    }

    void open(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            whenOpened.run();
        }
    }
}
