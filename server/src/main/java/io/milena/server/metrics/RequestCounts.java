package io.milena.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/** The requests of one API in one version that one event loop answered. Written by that loop, read by any thread. */
final class RequestCounts {
    private static final int REQUEST_BYTES = 0;
    private static final int RESPONSE_BYTES = 1;

    private final Durations durations = new Durations();
    private final AtomicLongArray bytes = new AtomicLongArray(2);

    void answered(long nanos, long requestBytes, long responseBytes) {
        durations.addAlone(nanos);
        bytes.setOpaque(REQUEST_BYTES, bytes.getPlain(REQUEST_BYTES) + requestBytes);
        bytes.setOpaque(RESPONSE_BYTES, bytes.getPlain(RESPONSE_BYTES) + responseBytes);
    }

    long count() {
        return durations.count();
    }

    Durations durations() {
        return durations;
    }

    long requestBytes() {
        return bytes.getOpaque(REQUEST_BYTES);
    }

    long responseBytes() {
        return bytes.getOpaque(RESPONSE_BYTES);
    }
}
