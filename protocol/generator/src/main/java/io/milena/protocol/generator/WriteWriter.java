package io.milena.protocol.generator;

/** Prints the {@code write} method of a struct. */
final class WriteWriter {
    private final MessageSchema message;
    private final StructSchema struct;
    private final JavaSource java;

    WriteWriter(MessageSchema message, StructSchema struct, JavaSource java) {
        this.message = message;
        this.struct = struct;
        this.java = java;
    }

    static void printVersionCheck(MessageSchema message, JavaSource java) {
        VersionRange versions = message.versions();
        java.line("if (version < %s || version > %s) {", versions.low(), versions.high());
        java.line("throw ProtocolException.unsupportedVersion(\"%s\", version);", message.name())
                .line("}");
    }

    /** Refuses null in versions that cannot express it. */
    static void printNullCheck(FieldSchema field, String x, JavaSource java) {
        String refused = field.nullRefused();
        if (!refused.equals("false")) {
            java.line("if (%s%s == null) {", refused.equals("true") ? "" : refused + " && ", x);
            java.line("throw ProtocolException.nullField(\"%s\");", field.name())
                    .line("}");
        }
    }

    /** An expression that is the compact one in flexible versions and the plain one in others. */
    static String choose(MessageSchema message, FieldSchema field, String compact, String plain) {
        String condition = message.flexible().condition(field.versions());
        return switch (condition) {
            case "true" -> compact;
            case "false" -> plain;
            default -> condition + " ? " + compact + " : " + plain;
        };
    }

    void print() {
        java.line("");
        if (struct == message.root()) {
            java.line("@Override");
        }
        java.line("public void write(Writer writer, int version) {");
        if (struct == message.root()) {
            printVersionCheck(message, java);
        }
        for (FieldSchema field : struct.fields()) {
            printField(field);
        }
        VersionRange flexible = message.flexible().intersect(struct.versions());
        if (!flexible.isEmpty()) {
            java.when(flexible.condition(struct.versions()), this::printTags);
        }
        java.line("}");
    }

    private void printField(FieldSchema field) {
        String condition = field.versions().condition(struct.versions());
        if (!field.isTagged()) {
            java.when(condition, () -> printValue(field));
        }
        if (!condition.equals("true") && !field.ignorable()) {
            java.line("if (!(%s) && (%s)) {", condition, DefaultValue.isNot(field, "this." + field.name()));
            java.line("throw ProtocolException.lostField(\"%s\", version);", field.name())
                    .line("}");
        }
    }

    private void printTags() {
        if (struct.taggedFields().isEmpty()) {
            java.line("writer.writeUnsignedVarint(0);");
            return;
        }
        java.line("int tags = 0;");
        for (FieldSchema field : struct.taggedFields()) {
            java.line("if (%s) {", present(field)).line("tags++;").line("}");
        }
        java.line("writer.writeUnsignedVarint(tags);");
        struct.taggedFields().stream().sorted((a, b) -> a.tag() - b.tag()).forEach(field -> {
            java.line("if (%s) {", present(field)).line("int tag = writer.beginTag(%s);", field.tag());
            printValue(field);
            java.line("writer.endTag(tag);").line("}");
        });
    }

    private String present(FieldSchema field) {
        String condition = field.versions().condition(message.flexible().intersect(struct.versions()));
        String differs = DefaultValue.isNot(field, "this." + field.name());
        return condition.equals("true") ? differs : condition + " && (" + differs + ")";
    }

    private void printValue(FieldSchema field) {
        String x = "this." + field.name();
        printNullCheck(field, x, java);
        if (field.array()) {
            printArray(field, x);
        } else if (field.isStruct() && !field.nullable().isEmpty()) {
            printNullableStruct(field, x);
        } else {
            printElement(field, field.nullable().isEmpty() || field.isRecords() ? "" : "Nullable", x);
        }
    }

    private void printNullableStruct(FieldSchema field, String x) {
        String nullable = field.nullable().condition(field.versions());
        java.line("if (%s == null) {", x)
                .line("writer.writeInt8((byte) %s);", field.isTagged() ? 0 : -1)
                .line("} else {");
        String mark = "writer.writeInt8((byte) 1);";
        if (nullable.equals("true")) {
            java.line("%s", mark);
        } else {
            java.line("if (%s) {", nullable).line("%s", mark).line("}");
        }
        java.line("%s.write(writer, version);", x).line("}");
    }

    private void printArray(FieldSchema field, String x) {
        boolean nullable = !field.nullable().isEmpty();
        if (nullable) {
            java.line("if (%s == null) {", x);
            printChoice(field, "writer.writeCompactArrayLength(-1);", "writer.writeArrayLength(-1);");
            java.line("} else {");
        }
        printChoice(
                field,
                "writer.writeCompactArrayLength(" + x + ".size());",
                "writer.writeArrayLength(" + x + ".size());");
        String element = field.type() == FieldType.STRUCT ? field.elementType() : field.type().javaType;
        java.line("for (int i = 0; i < %s.size(); i++) {", x);
        java.line("%s element = %s.get(i);", element, x);
        printElement(field, "", "element");
        java.line("}");
        if (nullable) {
            java.line("}");
        }
    }

    private void printElement(FieldSchema field, String nullable, String x) {
        switch (field.type()) {
            case STRUCT -> java.line("%s.write(writer, version);", x);
            case ERROR -> java.line("writer.writeInt16(%s.code());", x);
            case STRING, BYTES, RECORDS -> {
                String call = nullable + field.type().wireName + "(" + x + ");";
                printChoice(field, "writer.writeCompact" + call, "writer.write" + call);
            }
            default -> java.line("writer.write%s(%s);", field.type().wireName, x);
        }
    }

    private void printChoice(FieldSchema field, String compact, String plain) {
        String condition = message.flexible().condition(field.versions());
        switch (condition) {
            case "true" -> java.line("%s", compact);
            case "false" -> java.line("%s", plain);
            default ->
                java.line("if (%s) {", condition)
                        .line("%s", compact)
                        .line("} else {")
                        .line("%s", plain)
                        .line("}");
        }
    }
}
