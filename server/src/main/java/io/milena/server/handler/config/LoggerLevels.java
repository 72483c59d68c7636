package io.milena.server.handler.config;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The level of the broker's log. */
final class LoggerLevels {
    /** The name under which Kafka's tools know the logger above all others. */
    static final String ROOT = "root";

    private static final Logger MILENA = LoggerFactory.getLogger("io.milena");

    private LoggerLevels() {}

    /** The most detailed level that is logged, in capitals. */
    static String root() {
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
