package io.milena.server.handler.config;

import java.util.SortedMap;

/** The levels of the broker's log, by the names of loggers; {@link #ROOT} is the one above all others. For all threads. */
public interface LoggerLevels {
    /** The name under which Kafka's tools know the logger above all others. */
    String ROOT = "root";

    /** The level in force of every logger, in capitals. */
    SortedMap<String, String> levels();

    /**
     * Gives a logger a level of its own; nothing happens if there is no such logger.
     *
     * @param level TRACE, DEBUG, INFO, WARN, ERROR or FATAL
     */
    void set(String logger, String level);

    /** Gives a logger the level of the one above it. */
    void unset(String logger);
}
