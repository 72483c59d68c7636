package io.milena.protocol.generator;

import org.jspecify.annotations.Nullable;

/** What a field's value (or an array's element) is, in Java and on the wire. */
enum FieldType {
    BOOL("bool", "boolean", "Boolean", "Bool", 1),
    INT8("int8", "byte", "Byte", "Int8", 1),
    INT16("int16", "short", "Short", "Int16", 2),
    UINT16("uint16", "int", "Integer", "Uint16", 2),
    INT32("int32", "int", "Integer", "Int32", 4),
    INT64("int64", "long", "Long", "Int64", 8),
    FLOAT64("float64", "double", "Double", "Float64", 8),
    UUID("uuid", "UUID", "UUID", "Uuid", 16),
    ERROR("error", "ErrorCode", "ErrorCode", "Int16", 2),
    STRING("string", "String", "String", "String", -2),
    BYTES("bytes", "byte[]", "byte[]", "Bytes", -4),
    RECORDS("records", "Records", "Records", "Records", -4),
    STRUCT("struct", "Object", "Object", "", 0);

    /** The word in a schema. */
    final String word;

    final String javaType;
    final String boxedType;
    /** Ends the names of the read and write methods. */
    final String wireName;

    private final int size;

    FieldType(String word, String javaType, String boxedType, String wireName, int size) {
        this.word = word;
        this.javaType = javaType;
        this.boxedType = boxedType;
        this.wireName = wireName;
        this.size = size;
    }

    static @Nullable FieldType forWord(String word) {
        for (FieldType type : values()) {
            if (type != STRUCT && type.word.equals(word)) {
                return type;
            }
        }
        return null;
    }

    /** Whether Java keeps the value as a primitive. */
    boolean isPrimitive() {
        return Character.isLowerCase(javaType.charAt(0)) && this != BYTES;
    }

    /** Whether the value has a length in front of it, which is a varint in flexible versions. */
    boolean hasLength() {
        return size < 0;
    }

    /** The fewest bytes a value can take. */
    int smallestSize(Flexibility flexibility) {
        return !hasLength() ? size : flexibility == Flexibility.COMPACT ? 1 : -size;
    }

    /** Whether a version uses compact lengths and tagged sections (KIP-482). */
    enum Flexibility {
        PLAIN,
        COMPACT
    }
}
