package io.milena.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts a broker has to close: the last one opened is the first one closed. A part that fails to close is logged and does
 * not keep the others from it. May be used by any thread.
 */
final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String name, AutoCloseable close) {}

    /** Notes how to close a part that was opened. */
    synchronized <T extends AutoCloseable> T opened(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /** Closes all parts, once. Whoever calls it while another one does, waits for that. */
    synchronized void stop() {
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private static void close(Part part) {
        try {
            part.close.close();
        } catch (Exception e) {
            LOG.error("failed to close: part={}", part.name, e);
        }
    }
}
