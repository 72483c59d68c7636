package io.milena.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.milena.server.handler.config.LoggerLevels;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The levels of Logback, which the distribution logs with. It has no level FATAL; ERROR is taken for it. */
final class LogbackLevels implements LoggerLevels {
    private static final String CONTEXT_CLASS = "ch.qos.logback.classic.LoggerContext";

    private final LoggerContext context;

    private LogbackLevels(LoggerContext context) {
        this.context = context;
    }

    /** The levels of the log in use; those of an embedding program's own log are only shown. */
    static LoggerLevels inUse() {
        Object factory = LoggerFactory.getILoggerFactory();
        return factory.getClass().getName().equals(CONTEXT_CLASS)
                ? new LogbackLevels((LoggerContext) factory)
                : new FixedLevels();
    }

    @Override
    public SortedMap<String, String> levels() {
        SortedMap<String, String> levels = new TreeMap<>();
        for (Logger logger : context.getLoggerList()) {
            String name = logger.getName().equals(Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
            levels.put(name, logger.getEffectiveLevel().toString());
        }
        return levels;
    }

    @Override
    public void set(String name, String level) {
        Logger logger = logger(name);
        if (logger != null) {
            logger.setLevel(Level.toLevel(level.toUpperCase(Locale.ROOT), Level.ERROR));
        }
    }

    @Override
    public void unset(String name) {
        Logger logger = logger(name);
        if (logger != null) {
            logger.setLevel(null);
        }
    }

    private @Nullable Logger logger(String name) {
        return context.exists(name.equals(ROOT) ? Logger.ROOT_LOGGER_NAME : name);
    }
}
