package io.milena.protocol.generator;

/** Prints the {@code read} method of a struct. */
final class ReadWriter {
    private final MessageSchema message;
    private final StructSchema struct;
    private final JavaSource java;

    ReadWriter(MessageSchema message, StructSchema struct, JavaSource java) {
        this.message = message;
        this.struct = struct;
        this.java = java;
    }

    void print() {
        java.line("").line("public static %s read(Reader reader, int version) {", struct.name());
        if (struct == message.root()) {
            WriteWriter.printVersionCheck(message, java);
        }
        java.line("%s message = new %s();", struct.name(), struct.name());
        for (FieldSchema field : struct.fields()) {
            if (!field.isTagged()) {
                java.when(field.versions().condition(struct.versions()), () -> printField(field));
            }
        }
        VersionRange flexible = message.flexible().intersect(struct.versions());
        if (!flexible.isEmpty()) {
            java.when(flexible.condition(struct.versions()), this::printTags);
        }
        java.line("return message;").line("}");
    }

    private void printTags() {
        if (struct.taggedFields().isEmpty()) {
            java.line("reader.skipTags();");
            return;
        }
        java.line("for (int unread = reader.readUnsignedVarint(); unread > 0; unread--) {");
        java.line("int tag = reader.readUnsignedVarint();").line("int end = reader.readTagEnd();");
        String otherwise = "";
        for (FieldSchema field : struct.taggedFields()) {
            String condition = field.versions().condition(message.flexible().intersect(struct.versions()));
            java.line(
                    "%sif (tag == %s%s) {", otherwise, field.tag(), condition.equals("true") ? "" : " && " + condition);
            printField(field);
            java.line("reader.finishTag(end);");
            otherwise = "} else ";
        }
        java.line("} else {").line("reader.skipTag(end);").line("}").line("}");
    }

    private void printField(FieldSchema field) {
        if (field.array()) {
            printArray(field);
            return;
        }
        java.line("message.%s = %s;", field.name(), value(field));
        WriteWriter.printNullCheck(field, "message." + field.name(), java);
    }

    private void printArray(FieldSchema field) {
        int size = field.smallestElementSize(message.flexible());
        String read =
                choose(field, "reader.readCompactArrayLength(" + size + ")", "reader.readArrayLength(" + size + ")");
        String list = field.name() + "Read";
        java.line("int %sLength = %s;", field.name(), read);
        java.line("if (%sLength < 0) {", field.name());
        if (field.nullable().isEmpty()) {
            java.line("throw ProtocolException.nullField(\"%s\");", field.name());
        } else {
            java.line("message.%s = null;", field.name());
            WriteWriter.printNullCheck(field, "message." + field.name(), java);
        }
        java.line("} else {");
        java.line("%s %s = new ArrayList<>(%sLength);", field.javaType(), list, field.name());
        java.line("for (int i = 0; i < %sLength; i++) {", field.name());
        java.line("%s.add(%s);", list, element(field, ""));
        java.line("}").line("message.%s = %s;", field.name(), list).line("}");
    }

    private String value(FieldSchema field) {
        if (field.isStruct() && !field.nullable().isEmpty()) {
            String nullable = field.nullable().condition(field.versions());
            String isNull = nullable.equals("true") ? "" : "(" + nullable + ") && ";
            String nullMark = field.isTagged() ? " == 0" : " < 0";
            return isNull + "reader.readInt8()" + nullMark + " ? null : " + element(field, "");
        }
        return element(field, field.nullable().isEmpty() ? "" : "Nullable");
    }

    private String element(FieldSchema field, String nullable) {
        return switch (field.type()) {
            case STRUCT -> field.elementType() + ".read(reader, version)";
            case ERROR -> "ErrorCode.forCode(reader.readInt16())";
            case STRING, BYTES, RECORDS -> {
                String name = (field.isRecords() ? "" : nullable) + field.type().wireName + "()";
                yield choose(field, "reader.readCompact" + name, "reader.read" + name);
            }
            default -> "reader.read" + field.type().wireName + "()";
        };
    }

    private String choose(FieldSchema field, String compact, String plain) {
        return WriteWriter.choose(message, field, compact, plain);
    }
}
