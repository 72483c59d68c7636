package io.milena.server.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One event as one line of JSON for programs. Messages name their values, as in {@code topic={}}: each such value is a member of
 * {@code values}, too.
 *
 * <pre>
 *   {"time":"…","level":"INFO","logger":"…","thread":"…","message":"topic created: topic=a partitions=3","values":{"topic":"a","partitions":3}}
 * </pre>
 */
final class JsonLine extends LayoutBase<ILoggingEvent> {
    private static final String PLACE = "{}";

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder json = new StringBuilder(256);
        json.append('{');
        text(json, "time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        json.append(',');
        text(json, "level", event.getLevel().toString());
        json.append(',');
        text(json, "logger", event.getLoggerName());
        json.append(',');
        text(json, "thread", event.getThreadName());
        json.append(',');
        text(json, "message", event.getFormattedMessage());
        values(json, event.getMessage(), event.getArgumentArray());
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            json.append(',');
            text(json, "error", ThrowableProxyUtil.asString(failure));
        }
        return json.append('}').append(CoreConstants.LINE_SEPARATOR).toString();
    }

    private static void values(StringBuilder json, String pattern, Object @Nullable [] values) {
        if (values == null) {
            return;
        }
        boolean isFirst = true;
        int place = pattern.indexOf(PLACE);
        for (int i = 0; i < values.length && place >= 0; i++) {
            String name = nameBefore(pattern, place);
            if (!name.isEmpty()) {
                json.append(isFirst ? ",\"values\":{" : ",");
                isFirst = false;
                value(json, name, values[i]);
            }
            place = pattern.indexOf(PLACE, place + PLACE.length());
        }
        json.append(isFirst ? "" : "}");
    }

    /** What stands before the equals sign, if that is a name. */
    private static String nameBefore(String pattern, int place) {
        int end = place > 0 && pattern.charAt(place - 1) == '"' ? place - 1 : place;
        if (end == 0 || pattern.charAt(end - 1) != '=') {
            return "";
        }
        int start = end - 1;
        while (start > 0 && isOfName(pattern.charAt(start - 1))) {
            start--;
        }
        return pattern.substring(start, end - 1);
    }

    private static boolean isOfName(char letter) {
        return Character.isLetterOrDigit(letter) || letter == '.' || letter == '_' || letter == '-';
    }

    private static void value(StringBuilder json, String name, @Nullable Object value) {
        if (value == null || value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            quote(json, name);
            json.append(':').append(value);
        } else {
            text(json, name, value.toString());
        }
    }

    private static void text(StringBuilder json, String name, String value) {
        quote(json, name);
        json.append(':');
        quote(json, value);
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '"' || next == '\\') {
                json.append('\\').append(next);
            } else if (next < ' ' || (Character.isSurrogate(next) && !isOfPair(text, i))) {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) next));
            } else {
                json.append(next);
            }
        }
        json.append('"');
    }

    private static boolean isOfPair(String text, int place) {
        return Character.isHighSurrogate(text.charAt(place))
                ? place + 1 < text.length() && Character.isLowSurrogate(text.charAt(place + 1))
                : place > 0 && Character.isHighSurrogate(text.charAt(place - 1));
    }
}
