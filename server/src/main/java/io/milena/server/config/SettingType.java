package io.milena.server.config;

import java.util.Arrays;
import java.util.List;

/** The type of a setting's value: how its text is read and written, and its code in DescribeConfigs (KIP-569). */
public enum SettingType {
    BOOLEAN(1, "true or false"),
    STRING(2, "a text"),
    INT(3, "a whole number"),
    SHORT(4, "a whole number"),
    LONG(5, "a whole number"),
    DOUBLE(6, "a number"),
    LIST(7, "a list separated by commas"),
    CLASS(8, "a class name"),
    PASSWORD(9, "a secret");

    private final byte code;
    private final String description;

    SettingType(int code, String description) {
        this.code = (byte) code;
        this.description = description;
    }

    /** The number that stands for this type on the wire. */
    public byte code() {
        return code;
    }

    /** What a value of this type looks like, for messages. */
    public String description() {
        return description;
    }

    /** The value written as {@code text}; throws IllegalArgumentException if it is not of this type. */
    public Object parse(String text) {
        String trimmed = text.trim();
        return switch (this) {
            case BOOLEAN -> parseBoolean(trimmed);
            case STRING, CLASS, PASSWORD -> trimmed;
            case INT -> Integer.valueOf(trimmed);
            case SHORT -> Short.valueOf(trimmed);
            case LONG -> Long.valueOf(trimmed);
            case DOUBLE -> Double.valueOf(trimmed);
            case LIST -> parseList(trimmed);
        };
    }

    /** The text of a value of this type, in the one form that DescribeConfigs shows. */
    public String format(Object value) {
        return value instanceof List<?> items
                ? String.join(",", items.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private static Boolean parseBoolean(String text) {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException(text);
    }

    private static List<String> parseList(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::trim).toList();
    }
}
