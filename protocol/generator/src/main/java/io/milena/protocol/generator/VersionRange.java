package io.milena.protocol.generator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions from {@code low} to {@code high}, both included; empty when {@code high} is the smaller one. */
record VersionRange(int low, int high) {
    static final VersionRange NONE = new VersionRange(0, -1);
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,4})(\\+|-(\\d{1,4}))?");

    /** Whether a word of a schema looks like a range. */
    static boolean isRange(String word) {
        return SYNTAX.matcher(word).matches();
    }

    /** Reads {@code 3}, {@code 3-5} or {@code 3+}; the last one ends with the enclosing range. */
    static VersionRange parse(String word, VersionRange enclosing, SchemaLine line) {
        Matcher matcher = SYNTAX.matcher(word);
        if (!matcher.matches()) {
            throw line.error("version range expected, not " + word);
        }
        int low = Integer.parseInt(matcher.group(1));
        String end = matcher.group(2);
        int high = end == null ? low : end.equals("+") ? enclosing.high : Integer.parseInt(matcher.group(3));
        if (low > high || low < enclosing.low || high > enclosing.high) {
            throw line.error("versions " + word + " are not within " + enclosing);
        }
        return new VersionRange(low, high);
    }

    boolean isEmpty() {
        return low > high;
    }

    boolean contains(int version) {
        return version >= low && version <= high;
    }

    boolean contains(VersionRange other) {
        return other.isEmpty() || (low <= other.low && high >= other.high);
    }

    VersionRange intersect(VersionRange other) {
        return new VersionRange(Math.max(low, other.low), Math.min(high, other.high));
    }

    VersionRange span(VersionRange other) {
        if (isEmpty()) {
            return other;
        }
        return new VersionRange(Math.min(low, other.low), Math.max(high, other.high));
    }

    /** A Java condition that holds in this range, given that {@code version} is within the enclosing one. */
    String condition(VersionRange enclosing) {
        VersionRange part = intersect(enclosing);
        if (part.isEmpty()) {
            return "false";
        }
        if (part.equals(enclosing)) {
            return "true";
        }
        if (part.low == part.high) {
            return "version == " + part.low;
        }
        String from = "version >= " + part.low;
        String to = "version <= " + part.high;
        if (part.high == enclosing.high) {
            return from;
        }
        return part.low == enclosing.low ? to : from + " && " + to;
    }

    @Override
    public String toString() {
        return isEmpty() ? "none" : low == high ? "" + low : low + "-" + high;
    }
}
