package io.milena.protocol.generator;

/** Prints the method that shows the errors of a struct and of what is in it, where it can have any. */
final class ErrorsWriter {
    private final StructSchema struct;
    private final boolean root;
    private final JavaSource java;

    ErrorsWriter(MessageSchema message, StructSchema struct, JavaSource java) {
        this.struct = struct;
        this.root = struct == message.root();
        this.java = java;
    }

    void print() {
        if (!hasErrors(struct)) {
            return;
        }
        java.line("").line(root ? "@Override" : "/** Shows the errors in it that are not NONE. */");
        java.line("public void forEachError(Consumer<ErrorCode> action) {");
        for (FieldSchema field : struct.fields()) {
            if (isError(field)) {
                java.line("if (this.%s != ErrorCode.NONE) {", field.name());
                java.line("action.accept(this.%s);", field.name()).line("}");
            } else if (field.type() == FieldType.STRUCT && hasErrors(field.elementStruct())) {
                java.when(
                        field.isNullableInJava() ? "this." + field.name() + " != null" : "true",
                        () -> printElements(field));
            }
        }
        java.line("}");
    }

    static boolean hasErrors(StructSchema struct) {
        return struct.fields().stream()
                .anyMatch(field ->
                        isError(field) || (field.type() == FieldType.STRUCT && hasErrors(field.elementStruct())));
    }

    private void printElements(FieldSchema field) {
        if (field.array()) {
            java.line("for (int i = 0; i < this.%s.size(); i++) {", field.name());
            java.line("this.%s.get(i).forEachError(action);", field.name()).line("}");
        } else {
            java.line("this.%s.forEachError(action);", field.name());
        }
    }

    private static boolean isError(FieldSchema field) {
        return field.type() == FieldType.ERROR && !field.array();
    }
}
