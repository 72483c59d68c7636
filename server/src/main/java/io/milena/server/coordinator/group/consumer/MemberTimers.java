package io.milena.server.coordinator.group.consumer;

import io.milena.server.strand.Timeout;
import java.util.HashMap;
import java.util.Map;

/** What the coordinator waits for from members, one timer for each member and kind. Used inside the strand. */
final class MemberTimers {
    private final Map<Key, Timeout> timeouts = new HashMap<>();

    /** What is waited for. */
    enum Kind {
        /** A sign of life. */
        SESSION,
        /** The end of partitions that are to be given up. */
        REVOCATION,
        /** A classic member's next join. */
        JOIN,
        /** A classic member's sync after its join. */
        SYNC
    }

    private record Key(String groupId, String memberId, Kind kind) {}

    /** Waits anew. */
    void start(String groupId, String memberId, Kind kind, Timeout timeout) {
        Timeout old = timeouts.put(new Key(groupId, memberId, kind), timeout);
        if (old != null) {
            old.cancel();
        }
    }

    boolean isRunning(String groupId, String memberId, Kind kind) {
        return timeouts.containsKey(new Key(groupId, memberId, kind));
    }

    /** Waits no longer. */
    void stop(String groupId, String memberId, Kind kind) {
        Timeout old = timeouts.remove(new Key(groupId, memberId, kind));
        if (old != null) {
            old.cancel();
        }
    }

    /** Waits for nothing from a member. */
    void stop(String groupId, String memberId) {
        for (Kind kind : Kind.values()) {
            stop(groupId, memberId, kind);
        }
    }

    /** Waits for nothing from anybody. */
    void stop() {
        timeouts.values().forEach(Timeout::cancel);
        timeouts.clear();
    }
}
