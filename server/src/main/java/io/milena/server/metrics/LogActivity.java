package io.milena.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/** What all logs of a broker did, also those that are no more. Any thread. */
public final class LogActivity {
    private final LongAdder appends = new LongAdder();
    private final Durations flushes = new Durations();

    /** A batch was appended. */
    public void appended() {
        appends.increment();
    }

    /** A log was made durable. */
    public void flushed(long nanos) {
        flushes.add(nanos);
    }

    public long appends() {
        return appends.sum();
    }

    public Durations flushes() {
        return flushes;
    }
}
