package io.milena.server.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;

/** How the log is written to the terminal. */
enum LogFormat {
    TEXT,
    JSON;

    Layout<ILoggingEvent> layout() {
        return this == JSON ? new JsonLine() : new TextLine();
    }
}
