package io.milena.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of a broker and the parts it has to close: the last one opened is the first one closed. A part that fails to close
 * is logged and does not keep the others from it. May be used by any thread; only one of them closes.
 */
final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private State state = State.STARTING;

    /** What a broker is doing. */
    enum State {
        STARTING,
        STARTED,
        STOPPING,
        STOPPED
    }

    private record Part(String name, AutoCloseable close) {}

    synchronized State state() {
        return state;
    }

    /** Notes how to close a part that was opened. */
    synchronized <T extends AutoCloseable> T opened(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    synchronized void started() {
        state = State.STARTED;
    }

    /** Closes all parts. Whoever calls it while another one does, waits for that. */
    synchronized void stop() {
        state = State.STOPPING;
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
        state = State.STOPPED;
    }

    private static void close(Part part) {
        try {
            part.close.close();
        } catch (Exception e) {
            LOG.error("failed to close: part={}", part.name, e);
        }
    }
}
