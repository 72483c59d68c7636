package io.milena.server.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which values a setting takes, as written in the tables: {@code any}, {@code not empty}, {@code >= 1},
 * {@code 1 .. 9}, {@code 1 .. 9 or -1}, {@code one of a, b}, {@code any case of a, b}, {@code some of a, b} (lists),
 * {@code one or more of a, b} (lists), {@code none twice} (lists), {@code one or more, none twice} (lists),
 * {@code replica list}, {@code no empty item} (lists), {@code client match}, {@code offset reset}.
 */
final class AllowedValues {
    private static final Pattern RANGE = Pattern.compile("(-?[\\d.]+) \\.\\. (-?[\\d.]+)(?: or (-?\\d+))?");
    private static final Pattern REPLICA = Pattern.compile("\\d+:\\d+");
    private static final String BY_DURATION = "by_duration:";

    private final String text;
    private final Rule rule;

    private AllowedValues(String text, Rule rule) {
        this.text = text;
        this.rule = rule;
    }

    static AllowedValues parse(String text) {
        return new AllowedValues(text, rule(text));
    }

    boolean permits(Object value) {
        return rule.permits(value);
    }

    /** True when every value of the type is allowed. */
    boolean anything() {
        return text.equals("any");
    }

    @Override
    public String toString() {
        return text;
    }

    private static Rule rule(String text) {
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            double least = Double.parseDouble(range.group(1));
            double most = Double.parseDouble(range.group(2));
            double extra = range.group(3) == null ? least : Double.parseDouble(range.group(3));
            return value -> between(number(value), least, most) || number(value) == extra;
        }
        if (text.startsWith(">= ")) {
            long least = Long.parseLong(text.substring(3));
            return value -> number(value) >= least;
        }
        if (text.startsWith("one of ")) {
            return items(text, "one of ")::contains;
        }
        if (text.startsWith("any case of ")) {
            List<String> items = items(text, "any case of ");
            return value -> items.contains(value.toString().toUpperCase(Locale.ROOT));
        }
        if (text.startsWith("some of ")) {
            List<String> items = items(text, "some of ");
            return value -> items.containsAll((List<?>) value);
        }
        if (text.startsWith("one or more of ")) {
            List<String> items = items(text, "one or more of ");
            return value -> !isEmpty((List<?>) value) && items.containsAll((List<?>) value);
        }
        return switch (text) {
            case "any" -> value -> true;
            case "not empty" -> value -> !value.toString().isEmpty();
            case "replica list" -> value -> replicas((List<?>) value);
            case "no empty item" -> value -> !((List<?>) value).contains("");
            case "none twice" -> value -> noneTwice((List<?>) value);
            case "one or more, none twice" -> value -> !isEmpty((List<?>) value) && noneTwice((List<?>) value);
            case "client match" -> value -> ClientMatch.valid((List<?>) value);
            case "offset reset" -> value -> offsetReset(value.toString());
            default -> throw new IllegalStateException("no such rule: " + text);
        };
    }

    private static List<String> items(String text, String prefix) {
        return List.of(text.substring(prefix.length()).split(", "));
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    private static boolean between(double value, double least, double most) {
        return value >= least && value <= most;
    }

    private static boolean isEmpty(List<?> items) {
        return items.isEmpty() || items.equals(List.of(""));
    }

    private static boolean noneTwice(List<?> items) {
        return Set.copyOf(items).size() == items.size();
    }

    private static boolean replicas(List<?> items) {
        return items.equals(List.of("*"))
                || items.stream()
                        .allMatch(item -> REPLICA.matcher(item.toString()).matches());
    }

    private static boolean offsetReset(String text) {
        if (!text.startsWith(BY_DURATION)) {
            return text.equals("latest") || text.equals("earliest");
        }
        try {
            return !Duration.parse(text.substring(BY_DURATION.length())).isNegative();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private interface Rule {
        boolean permits(Object value);
    }
}
