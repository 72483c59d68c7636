package io.milena.protocol.generator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one message; indentation nests. */
final class MessageParser {
    /** Encloses every version range. */
    static final VersionRange ANY = new VersionRange(0, Short.MAX_VALUE);

    private static final Set<String> RESERVED_NAMES = Set.of(
            "List", "UUID", "String", "Objects", "Arrays", "ArrayList", "Records", "Reader", "Writer", "Message");

    private final String purpose;
    private final StructSchema root;
    private final VersionRange versions;
    private final VersionRange flexible;
    private final TreeMap<String, StructSchema> structsByName = new TreeMap<>();
    private final List<StructSchema> structs = new ArrayList<>();
    private List<SchemaLine> lines = List.of();
    private int next;

    MessageParser(String purpose, String name, VersionRange versions, VersionRange flexible) {
        this.purpose = purpose;
        this.root = new StructSchema(name);
        this.versions = versions;
        this.flexible = flexible;
    }

    MessageSchema parse(List<SchemaLine> fieldLines) {
        lines = fieldLines;
        next = 0;
        if (!lines.isEmpty()) {
            parseStruct(root, lines.get(0).indent());
        }
        if (next < lines.size()) {
            throw lines.get(next).error("indent does not match the lines above");
        }
        root.useIn(versions);
        root.narrowFields();
        structs.forEach(StructSchema::narrowFields);
        checkTags(root);
        structs.forEach(this::checkTags);
        return new MessageSchema(purpose, root, structs, flexible);
    }

    private void parseStruct(StructSchema struct, int indent) {
        Set<Object> taken = new HashSet<>();
        while (next < lines.size() && lines.get(next).indent() == indent) {
            SchemaLine line = lines.get(next++);
            FieldSchema field = parseField(line);
            if (!taken.add(field.name()) || (field.isTagged() && !taken.add(field.tag()))) {
                throw line.error("field " + field.name() + " or its tag exists already");
            }
            struct.fields().add(field);
            if (next < lines.size() && lines.get(next).indent() > indent) {
                if (field.type() != FieldType.STRUCT) {
                    throw lines.get(next).error("only a struct has fields of its own");
                }
                if (!field.elementStruct().fields().isEmpty()) {
                    throw lines.get(next)
                            .error("struct " + field.elementStruct().name() + " has its fields already");
                }
                parseStruct(field.elementStruct(), lines.get(next).indent());
            } else if (field.type() == FieldType.STRUCT
                    && field.elementStruct().fields().isEmpty()) {
                throw line.error("struct " + field.elementStruct().name() + " has no fields");
            }
        }
    }

    /** {@code name []type?range range tag n = default ignorable}; all but the first two words may be missing. */
    private FieldSchema parseField(SchemaLine line) {
        FieldWords words = new FieldWords(line, versions);
        FieldType simple = FieldType.forWord(words.typeName);
        StructSchema struct = simple == null ? struct(words, line) : null;
        FieldType type = simple == null ? FieldType.STRUCT : simple;
        boolean nullableKind = words.array || type.hasLength() || type == FieldType.STRUCT;
        if (!words.nullable.isEmpty() && !nullableKind) {
            throw line.error(words.typeName + " cannot be null");
        }
        if ("null".equals(words.defaultValue) && words.nullable.isEmpty()) {
            throw line.error("the default is null, but the type is not nullable");
        }
        if (type == FieldType.RECORDS && (words.tag >= 0 || words.array)) {
            throw line.error("records can be neither tagged nor in an array");
        }
        FieldSchema field = words.field(type, struct);
        DefaultValue.check(field);
        return field;
    }

    private void checkTags(StructSchema struct) {
        for (FieldSchema field : struct.taggedFields()) {
            if (!flexible.contains(field.versions())) {
                throw field.line().error("tagged field in a version that is not flexible");
            }
        }
    }

    private @Nullable StructSchema struct(FieldWords words, SchemaLine line) {
        if (!Character.isUpperCase(words.typeName.charAt(0)) || RESERVED_NAMES.contains(words.typeName)) {
            throw line.error("no such type: " + words.typeName);
        }
        StructSchema known = structsByName.get(words.typeName);
        if (known != null) {
            return known;
        }
        StructSchema struct = new StructSchema(words.typeName);
        structsByName.put(words.typeName, struct);
        structs.add(struct);
        return struct;
    }
}
