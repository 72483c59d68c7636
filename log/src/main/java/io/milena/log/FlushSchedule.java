package io.milena.log;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes a log durable in the background when {@code flush.messages} or {@code flush.ms} say so, one flush at a time. No
 * append waits for it. Belongs to the owner of the log.
 */
final class FlushSchedule {
    private final LogState state;
    private final SegmentChain chain;
    private final Executor background;
    private final AtomicBoolean running = new AtomicBoolean();
    private long lastFlushMs;

    FlushSchedule(LogState state, SegmentChain chain, LogContext context) {
        this.state = state;
        this.chain = chain;
        this.background = context.background();
        this.lastFlushMs = context.clock().millis();
    }

    void flushIfDue(LogSettings settings, long nowMs) {
        long unflushed = state.logEndOffset() - chain.recoveryPoint().offset();
        boolean due =
                unflushed > 0 && (unflushed >= settings.flushMessages() || nowMs - lastFlushMs >= settings.flushMs());
        if (due && running.compareAndSet(false, true)) {
            lastFlushMs = nowMs;
            background.execute(this::flush);
        }
    }

    private void flush() {
        try {
            chain.flush();
        } catch (IOException e) {
            if (!state.isClosed()) {
                state.failBecause("Cannot flush", e);
            }
        } finally {
            running.set(false);
        }
    }
}
