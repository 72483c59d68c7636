package io.milena.server.partition.session;

import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Ends the waiting of a connection's fetches, one after the other. The timer of a fetch that ended early stays set, as the next fetch waits
 * as long: it then only finds out how much longer it has to wait. A busy consumer costs a timer now and then, not one for each request.
 * Belongs to the connection's event loop.
 */
final class FetchTimer {
    private final Timers timers;
    private final Executor eventLoop;
    private @Nullable PendingFetch waiting;
    private long endMs;
    private @Nullable Timeout timeout;
    private long timeoutMs;

    FetchTimer(Timers timers, Executor eventLoop) {
        this.timers = timers;
        this.eventLoop = eventLoop;
    }

    /** Tells the fetch when it has waited so long, unless it is stopped before. */
    void start(PendingFetch fetch, int maxWaitMs) {
        waiting = fetch;
        endMs = timers.nowMs() + maxWaitMs;
        Timeout set = timeout;
        // One that cannot be cancelled any more is on its way here.
        if (set == null || (endMs < timeoutMs && set.cancel())) {
            set(maxWaitMs);
        }
    }

    /** The fetch waits no more. */
    void stop() {
        waiting = null;
    }

    /** No fetch will wait any more. */
    void close() {
        waiting = null;
        if (timeout != null) {
            timeout.cancel();
            timeout = null;
        }
    }

    private void set(long delayMs) {
        timeoutMs = timers.nowMs() + delayMs;
        timeout = timers.schedule(delayMs, () -> eventLoop.execute(this::due));
    }

    private void due() {
        timeout = null;
        PendingFetch fetch = waiting;
        if (fetch != null) {
            long leftMs = endMs - timers.nowMs();
            if (leftMs > 0) {
                set(leftMs);
            } else {
                fetch.timeOut();
            }
        }
    }
}
