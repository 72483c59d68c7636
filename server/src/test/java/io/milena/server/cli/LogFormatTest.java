package io.milena.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    private final Logger logger = new LoggerContext().getLogger("io.milena.server.Broker");

    @Test
    void shouldWriteALineForPeople() {
        assertThat(line(LogFormat.TEXT, event("ready: address={} elapsedMs={}", "a:1", 5)))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Broker: ready: address=a:1 elapsedMs=5\\R");
    }

    @Test
    void shouldWriteALineForPrograms() {
        assertThat(line(
                        LogFormat.JSON,
                        event("topic created: topic={} partitions={} reason=\"{}\" {}", "a", 3, "b c", "d")))
                .startsWith("{\"time\":\"")
                .endsWith(",\"level\":\"INFO\",\"logger\":\"io.milena.server.Broker\",\"thread\":\"main\","
                        + "\"message\":\"topic created: topic=a partitions=3 reason=\\\"b c\\\" d\","
                        + "\"values\":{\"topic\":\"a\",\"partitions\":3,\"reason\":\"b c\"}}" + System.lineSeparator());
    }

    @Test
    void shouldLetNoClientForgeALine() {
        String clientId = "x\n2026-01-01 00:00:00.000 ERROR Broker: lost\u2028 \ud800 \"}";
        assertThat(line(LogFormat.TEXT, event("refused: clientId={}", clientId)).stripTrailing())
                .doesNotContain("\n");
        assertThat(line(LogFormat.JSON, event("refused: clientId={}", clientId)).stripTrailing())
                .doesNotContain("\n")
                .contains("\"clientId\":\"x\\u000a2026", "\\ud800 \\\"}\"}}");
    }

    @Test
    void shouldWriteWhatWentWrong() {
        IllegalStateException failure = new IllegalStateException("broken");
        LoggingEvent event = new LoggingEvent("", logger, Level.ERROR, "failed: part={}", failure, new Object[] {"a"});
        assertThat(line(LogFormat.TEXT, event))
                .contains("ERROR Broker: failed: part=a", "IllegalStateException: broken");
        assertThat(line(LogFormat.JSON, event))
                .contains("\"values\":{\"part\":\"a\"},\"error\":\"java.lang.IllegalStateException: broken")
                .hasLineCount(1);
    }

    private ILoggingEvent event(String message, Object... values) {
        LoggingEvent event = new LoggingEvent("", logger, Level.INFO, message, null, values);
        event.setThreadName("main");
        return event;
    }

    private static String line(LogFormat format, ILoggingEvent event) {
        return format.layout().doLayout(event);
    }
}
