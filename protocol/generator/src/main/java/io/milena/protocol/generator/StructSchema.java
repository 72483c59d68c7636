package io.milena.protocol.generator;

import java.util.ArrayList;
import java.util.List;

/** Fields that belong together: a message, or a part of one. Fields are added while the schema is read. */
final class StructSchema {
    private final String name;
    private final List<FieldSchema> fields = new ArrayList<>();
    private VersionRange versions = VersionRange.NONE;

    StructSchema(String name) {
        this.name = name;
    }

    /** Name of the Java class. */
    String name() {
        return name;
    }

    List<FieldSchema> fields() {
        return fields;
    }

    List<FieldSchema> taggedFields() {
        return fields.stream().filter(FieldSchema::isTagged).toList();
    }

    /** The versions in which the struct is used anywhere. */
    VersionRange versions() {
        return versions;
    }

    /** Notes that the struct appears in more versions, and tells the structs within. */
    void useIn(VersionRange more) {
        versions = versions.span(more);
        for (FieldSchema field : fields) {
            VersionRange present = field.versions().intersect(more);
            if (field.type() == FieldType.STRUCT && !present.isEmpty()) {
                field.elementStruct().useIn(present);
            }
        }
    }

    /** Once all uses are known: takes from each field the versions in which the struct does not appear. */
    void narrowFields() {
        fields.replaceAll(field -> field.within(versions));
    }

    int smallestSize(int version, FieldType.Flexibility flexibility) {
        int size = flexibility == FieldType.Flexibility.COMPACT ? 1 : 0;
        for (FieldSchema field : fields) {
            size += field.smallestSize(version, flexibility);
        }
        return size;
    }
}
