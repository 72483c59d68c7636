package io.milena.protocol.generator;

import org.jspecify.annotations.Nullable;

/**
 * One field of a struct.
 *
 * @param struct the struct of a {@link FieldType#STRUCT} value or element
 * @param versions the versions that have the field
 * @param nullable the versions in which it may be null
 * @param tag number in the tagged section, or -1
 * @param defaultValue as written in the schema, or null when the type's own default applies
 * @param ignorable whether a value may be dropped when a version lacks the field
 */
record FieldSchema(
        SchemaLine line,
        String name,
        FieldType type,
        boolean array,
        @Nullable StructSchema struct,
        VersionRange versions,
        VersionRange nullable,
        int tag,
        @Nullable String defaultValue,
        boolean ignorable) {

    /** This field, restricted to the versions that have its struct. */
    FieldSchema within(VersionRange enclosing) {
        VersionRange present = versions.intersect(enclosing);
        if (present.isEmpty()) {
            throw line.error("no version has the field " + name);
        }
        VersionRange nullableThere = nullable.isEmpty() ? nullable : nullable.intersect(present);
        return new FieldSchema(line, name, type, array, struct, present, nullableThere, tag, defaultValue, ignorable);
    }

    boolean isTagged() {
        return tag >= 0;
    }

    boolean isStruct() {
        return type == FieldType.STRUCT && !array;
    }

    /** A struct in the tagged section is null when absent, so that nothing is allocated for it, unless null can be written there. */
    boolean isOptionalStruct() {
        return isStruct() && isTagged() && nullable.isEmpty();
    }

    boolean isRecords() {
        return type == FieldType.RECORDS;
    }

    /** Whether the Java value may be null. */
    boolean isNullableInJava() {
        return !nullable.isEmpty() || isOptionalStruct() || isRecords();
    }

    /** A condition that holds in the versions where the Java value may be null but must not be written or read. */
    String nullRefused() {
        if (!isNullableInJava() || isOptionalStruct() || nullable.contains(versions)) {
            return "false";
        }
        return nullable.isEmpty() ? "true" : "!(" + nullable.condition(versions) + ")";
    }

    boolean defaultsToNull() {
        return isOptionalStruct() || isRecords() || "null".equals(defaultValue);
    }

    StructSchema elementStruct() {
        if (struct == null) {
            throw line.error(name + " has no struct");
        }
        return struct;
    }

    /** The Java type of the value, or of one element of the array. */
    String elementType() {
        return type == FieldType.STRUCT ? elementStruct().name() : type.javaType;
    }

    /** The Java type of the field. */
    String javaType() {
        if (array) {
            return "List<" + (type == FieldType.STRUCT ? elementStruct().name() : type.boxedType) + ">";
        }
        return elementType();
    }

    /** The Java type with {@code @Nullable} where it belongs. */
    String annotatedType() {
        if (!isNullableInJava()) {
            return javaType();
        }
        return javaType().equals("byte[]") ? "byte @Nullable []" : "@Nullable " + javaType();
    }

    /** The fewest bytes this field can take in a version. */
    int smallestSize(int version, FieldType.Flexibility flexibility) {
        if (isTagged() || !versions.contains(version)) {
            return 0;
        }
        if (array) {
            return flexibility == FieldType.Flexibility.COMPACT ? 1 : 4;
        }
        if (type == FieldType.STRUCT) {
            return nullable.contains(version) ? 1 : elementStruct().smallestSize(version, flexibility);
        }
        return type.smallestSize(flexibility);
    }

    /** The fewest bytes one element of this array can take in any version that has the array. */
    int smallestElementSize(VersionRange flexible) {
        int smallest = Integer.MAX_VALUE;
        for (int version = versions.low(); version <= versions.high(); version++) {
            FieldType.Flexibility flexibility =
                    flexible.contains(version) ? FieldType.Flexibility.COMPACT : FieldType.Flexibility.PLAIN;
            int size = type == FieldType.STRUCT
                    ? elementStruct().smallestSize(version, flexibility)
                    : type.smallestSize(flexibility);
            smallest = Math.min(smallest, size);
        }
        return Math.max(smallest, 1);
    }
}
