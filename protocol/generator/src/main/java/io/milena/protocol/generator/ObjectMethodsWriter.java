package io.milena.protocol.generator;

import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints {@code equals}, {@code hashCode} and {@code toString} of a struct. */
final class ObjectMethodsWriter {
    private final StructSchema struct;
    private final JavaSource java;

    ObjectMethodsWriter(StructSchema struct, JavaSource java) {
        this.struct = struct;
        this.java = java;
    }

    void print() {
        boolean empty = struct.fields().isEmpty();
        java.line("").line("@Override").line("public boolean equals(Object object) {");
        java.line("return object instanceof %s%s", struct.name(), empty ? ";" : " that");
        for (int i = 0; i < struct.fields().size(); i++) {
            String end = i == struct.fields().size() - 1 ? ";" : "";
            java.line("        && %s%s", same(struct.fields().get(i)), end);
        }
        java.line("}");
        java.line("").line("@Override").line("public int hashCode() {");
        java.line("return Objects.hash(%s);", fields(this::hash, ", ")).line("}");
        java.line("").line("@Override").line("public String toString() {");
        java.line(
                "return \"%s(\" + %s\")\";", struct.name(), fields(this::text, " + \", \" + ") + (empty ? "" : " + "));
        java.line("}");
    }

    private String fields(Function<FieldSchema, String> print, String separator) {
        return struct.fields().stream().map(print).collect(Collectors.joining(separator));
    }

    private String same(FieldSchema field) {
        String name = field.name();
        if (!field.array() && (field.type().isPrimitive() || field.type() == FieldType.ERROR)) {
            return field.type() == FieldType.FLOAT64
                    ? "Double.compare(this." + name + ", that." + name + ") == 0"
                    : "this." + name + " == that." + name;
        }
        String library = isBytes(field) ? "Arrays" : "Objects";
        return library + ".equals(this." + name + ", that." + name + ")";
    }

    private String hash(FieldSchema field) {
        return isBytes(field) ? "Arrays.hashCode(this." + field.name() + ")" : "this." + field.name();
    }

    private String text(FieldSchema field) {
        String name = field.name();
        String value = "this." + name;
        if (isBytes(field)) {
            // Bytes may be credentials: their number is all that belongs in a log line.
            value += ".length + \" bytes\"";
            value = field.isNullableInJava() ? "(this." + name + " == null ? \"null\" : " + value + ")" : value;
        }
        return "\"" + name + "=\" + " + value;
    }

    private static boolean isBytes(FieldSchema field) {
        return field.type() == FieldType.BYTES && !field.array();
    }
}
