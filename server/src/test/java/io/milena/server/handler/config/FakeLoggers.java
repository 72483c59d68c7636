package io.milena.server.handler.config;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A log with two loggers. */
final class FakeLoggers implements LoggerLevels {
    private final SortedMap<String, String> levels = new TreeMap<>(Map.of(ROOT, "INFO", "io.milena", "WARN"));

    @Override
    public SortedMap<String, String> levels() {
        return new TreeMap<>(levels);
    }

    @Override
    public void set(String logger, String level) {
        levels.put(logger, level);
    }

    @Override
    public void unset(String logger) {
        levels.put(logger, levels.getOrDefault(ROOT, ""));
    }
}
