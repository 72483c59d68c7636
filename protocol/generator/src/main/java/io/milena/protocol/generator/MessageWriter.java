package io.milena.protocol.generator;

import java.util.stream.Stream;

/** Prints the class of one message. */
final class MessageWriter {
    private final MessageSchema message;
    private final JavaSource java = new JavaSource();

    MessageWriter(MessageSchema message) {
        this.message = message;
    }

    String print(String packageName) {
        printHead(packageName);
        printClass(message.root());
        return java.toString();
    }

    private void printHead(String packageName) {
        java.line("package %s;", packageName).line("");
        for (String type : new String[] {"ErrorCode", "Message", "Uuids"}) {
            if (type.equals("Message") || uses(type)) {
                java.line("import io.milena.protocol.%s;", type);
            }
        }
        java.line("import io.milena.protocol.wire.ProtocolException;").line("import io.milena.protocol.wire.Reader;");
        if (uses("Records")) {
            java.line("import io.milena.protocol.wire.Records;");
        }
        java.line("import io.milena.protocol.wire.Writer;");
        if (fields().anyMatch(FieldSchema::array)) {
            java.line("import java.util.ArrayList;");
        }
        if (uses("byte[]")) {
            java.line("import java.util.Arrays;");
        }
        if (fields().anyMatch(FieldSchema::array)) {
            java.line("import java.util.List;");
        }
        java.line("import java.util.Objects;");
        if (uses("Uuids")) {
            java.line("import java.util.UUID;");
        }
        if (ErrorsWriter.hasErrors(message.root())) {
            java.line("import java.util.function.Consumer;");
        }
        if (fields().anyMatch(FieldSchema::isNullableInJava)) {
            java.line("import org.jspecify.annotations.Nullable;");
        }
        java.line("").line("/** %s. */", message.purpose());
    }

    private void printClass(StructSchema struct) {
        boolean root = struct == message.root();
        if (!root) {
            java.line("").line("/** Part of {@link %s}. */", message.name());
        }
        java.line(
                "public %sfinal class %s%s {", root ? "" : "static ", struct.name(), root ? " implements Message" : "");
        if (root && uses("byte[]")) {
            java.line("private static final byte[] NO_BYTES = new byte[0];");
        }
        for (FieldSchema field : struct.fields()) {
            String initial = DefaultValue.expression(field);
            boolean same = initial.matches("null|0|0L|false|0\\.0d");
            java.line("private %s %s%s;", field.annotatedType(), field.name(), same ? "" : " = " + initial);
        }
        printAccessors(struct);
        new ReadWriter(message, struct, java).print();
        new WriteWriter(message, struct, java).print();
        new ErrorsWriter(message, struct, java).print();
        new ObjectMethodsWriter(struct, java).print();
        if (root) {
            message.structs().forEach(this::printClass);
        }
        java.line("}");
    }

    private void printAccessors(StructSchema struct) {
        for (FieldSchema field : struct.fields()) {
            java.line("").line("public %s %s() {", field.annotatedType(), field.name());
            java.line("return %s;", field.name()).line("}").line("");
            java.line("public %s %s(%s value) {", struct.name(), field.name(), field.annotatedType());
            java.line("this.%s = value;", field.name()).line("return this;").line("}");
        }
    }

    private boolean uses(String type) {
        return switch (type) {
            case "Uuids" -> fields().anyMatch(field -> field.type() == FieldType.UUID);
            default -> fields().anyMatch(field -> field.elementType().equals(type));
        };
    }

    private Stream<FieldSchema> fields() {
        return Stream.concat(Stream.of(message.root()), message.structs().stream())
                .flatMap(struct -> struct.fields().stream());
    }
}
