package io.milena.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to the terminal, one line an event. Done in code because reading a file of settings costs a tenth of a second at
 * each start; whoever names one with {@code -Dlogback.configurationFile} gets that instead.
 */
final class LogSetup {
    private static final String OWN_FILE = "logback.configurationFile";

    private LogSetup() {}

    static void install(LogFormat format) {
        if (System.getProperty(OWN_FILE) != null
                || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.reset();
        Layout<ILoggingEvent> layout = format.layout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> terminal = new ConsoleAppender<>();
        terminal.setContext(context);
        terminal.setEncoder(encoder);
        terminal.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(terminal);
        context.getLogger("io.netty").setLevel(Level.WARN);
    }
}
