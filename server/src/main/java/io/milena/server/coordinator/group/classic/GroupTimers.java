package io.milena.server.coordinator.group.classic;

import io.milena.server.strand.Timeout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a group waits for: the end of the joining, the end of the syncing, and the members that were given an id and are to come back
 * with it. Each wait has a timer that {@link Rebalance} set; it ends with the wait.
 */
final class GroupTimers {
    private final Map<String, Timeout> expected = new HashMap<>();
    private @Nullable Timeout join;
    private @Nullable Timeout sync;

    /** Replaces the end of the joining, or only cancels it. */
    void join(@Nullable Timeout next) {
        if (join != null) {
            join.cancel();
        }
        join = next;
    }

    /** Replaces the end of the syncing, or only cancels it. */
    void sync(@Nullable Timeout next) {
        if (sync != null) {
            sync.cancel();
        }
        sync = next;
    }

    /** Somebody is to come back with this id, until the timeout ends that. */
    void expect(String memberId, Timeout timeout) {
        expected.put(memberId, timeout);
    }

    boolean expects(String memberId) {
        return expected.containsKey(memberId);
    }

    boolean expectsAnyone() {
        return !expected.isEmpty();
    }

    /** The id came back, or never will. */
    void forget(String memberId) {
        Timeout timeout = expected.remove(memberId);
        if (timeout != null) {
            timeout.cancel();
        }
    }

    /** Waits for nothing any more. */
    void stop() {
        join(null);
        sync(null);
        expected.values().forEach(Timeout::cancel);
        expected.clear();
    }
}
