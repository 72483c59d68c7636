package io.milena.server.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * One event as a line for people: time, level, who, what; a stack trace below it. What clients say of themselves is part of messages, so
 * nothing in one can begin a new line.
 */
final class TextLine extends LayoutBase<ILoggingEvent> {
    private static final int LEVEL_WIDTH = 5;

    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        String level = event.getLevel().toString();
        line.append(' ').append(level).append(" ".repeat(Math.max(1, LEVEL_WIDTH + 1 - level.length())));
        String logger = event.getLoggerName();
        line.append(logger, logger.startsWith("milena") ? 0 : logger.lastIndexOf('.') + 1, logger.length());
        line.append(": ");
        appendPrintable(line, event.getFormattedMessage());
        line.append(CoreConstants.LINE_SEPARATOR);
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            line.append(ThrowableProxyUtil.asString(failure));
        }
        return line.toString();
    }

    private static void appendPrintable(StringBuilder line, String message) {
        for (int i = 0; i < message.length(); i++) {
            char next = message.charAt(i);
            line.append(Character.isISOControl(next) ? '?' : next);
        }
    }
}
