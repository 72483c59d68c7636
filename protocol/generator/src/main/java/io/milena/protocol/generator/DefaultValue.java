package io.milena.protocol.generator;

/** The value a field has when nothing was read or set: as a Java expression, and as a condition. */
final class DefaultValue {
    private DefaultValue() {}

    /** Fails, with the field's line, if the default does not suit the type. */
    static void check(FieldSchema field) {
        String value = field.defaultValue();
        if (value == null || value.equals("null")) {
            return;
        }
        boolean suits = !field.array()
                && switch (field.type()) {
                    case BOOL -> value.equals("true") || value.equals("false");
                    case INT8, INT16, UINT16, INT32, INT64 -> value.matches("-?\\d+");
                    case FLOAT64 -> value.matches("-?\\d+(\\.\\d+)?");
                    case STRING -> value.matches("[\\w.-]+");
                    case UUID, ERROR, BYTES, RECORDS, STRUCT -> false;
                };
        if (!suits) {
            throw field.line().error("not a default for this type: " + value);
        }
    }

    /** The default as a Java expression. */
    static String expression(FieldSchema field) {
        if (field.defaultsToNull()) {
            return "null";
        }
        if (field.array()) {
            return "List.of()";
        }
        String value = field.defaultValue();
        return switch (field.type()) {
            case BOOL -> value == null ? "false" : value;
            case INT8, INT16, UINT16, INT32 -> value == null ? "0" : value;
            case INT64 -> (value == null ? "0" : value) + "L";
            case FLOAT64 -> (value == null ? "0.0" : value) + "d";
            case UUID -> "Uuids.ZERO";
            case ERROR -> "ErrorCode.NONE";
            case STRING -> "\"" + (value == null ? "" : value) + "\"";
            case BYTES -> "NO_BYTES";
            case RECORDS -> "null";
            case STRUCT -> "new " + field.elementType() + "()";
        };
    }

    /** A Java condition that holds when the field, given as an expression, differs from its default. */
    static String isNot(FieldSchema field, String x) {
        if (field.defaultsToNull()) {
            return x + " != null";
        }
        String orNull = field.isNullableInJava() ? x + " == null || " : "";
        if (field.array()) {
            return orNull + "!" + x + ".isEmpty()";
        }
        return switch (field.type()) {
            case BOOL -> "true".equals(field.defaultValue()) ? "!" + x : x;
            case INT8, INT16, UINT16, INT32, INT64, FLOAT64, ERROR -> x + " != " + expression(field);
            case BYTES -> orNull + x + ".length != 0";
            case STRING, UUID, STRUCT, RECORDS -> orNull + "!" + x + ".equals(" + expression(field) + ")";
        };
    }
}
