package io.milena.server;

import io.milena.server.handler.config.LoggerLevels;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The level of a log that belongs to somebody else: it can be seen, not changed. */
final class FixedLevels implements LoggerLevels {
    private static final Logger MILENA = LoggerFactory.getLogger("io.milena");

    @Override
    public SortedMap<String, String> levels() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(ROOT, level())));
    }

    @Override
    public void set(String logger, String level) {
        // Whoever embeds the broker decides about the log.
    }

    @Override
    public void unset(String logger) {
        // Whoever embeds the broker decides about the log.
    }

    private static String level() {
        if (MILENA.isTraceEnabled()) {
            return "TRACE";
        }
        if (MILENA.isDebugEnabled()) {
            return "DEBUG";
        }
        if (MILENA.isInfoEnabled()) {
            return "INFO";
        }
        return MILENA.isWarnEnabled() ? "WARN" : "ERROR";
    }
}
