package io.milena.protocol;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Random content for a message, in the form Kafka's schemas describe it. */
final class RandomStructs {
    /** Whether structs carry a tagged field that no version knows. */
    enum UnknownTags {
        NONE,
        ONE
    }

    static final int UNKNOWN_TAG = 4711;
    private static final int LOWEST_ERROR = -1;
    private static final int ERRORS = 135;

    private final Random random;
    private final UnknownTags unknownTags;

    RandomStructs(long seed, UnknownTags unknownTags) {
        this.random = new Random(seed);
        this.unknownTags = unknownTags;
    }

    Struct struct(Schema schema) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                struct.set(field, tags(tagged));
            } else {
                struct.set(field, value(field.def.name, field.def.type));
            }
        }
        return struct;
    }

    private TreeMap<Integer, Object> tags(TaggedFields tagged) {
        TreeMap<Integer, Object> values = new TreeMap<>();
        tagged.fields().forEach((tag, field) -> {
            if (random.nextInt(4) != 0) {
                values.put(tag, value(field.name, field.type));
            }
        });
        if (unknownTags == UnknownTags.ONE) {
            values.put(UNKNOWN_TAG, new RawTaggedField(UNKNOWN_TAG, new byte[] {1, 2, 3}));
        }
        return values;
    }

    private Object value(String name, Type type) {
        if (type.isNullable() && random.nextInt(4) == 0) {
            return null;
        }
        if (type.isArray()) {
            Object[] array = new Object[random.nextInt(4)];
            for (int i = 0; i < array.length; i++) {
                array[i] = value(name, type.arrayElementType().orElseThrow());
            }
            return array;
        }
        if (type instanceof Schema schema) {
            return struct(schema);
        }
        return simple(name, type.toString());
    }

    private Object simple(String name, String type) {
        if (type.equals("INT16") && name.endsWith("error_code")) {
            return (short) (LOWEST_ERROR + random.nextInt(ERRORS));
        }
        return switch (type) {
            case "BOOLEAN" -> random.nextBoolean();
            case "INT8" -> (byte) random.nextInt();
            case "INT16" -> (short) random.nextInt();
            case "UINT16" -> random.nextInt(1 << 16);
            case "INT32" -> random.nextInt();
            case "INT64" -> random.nextLong();
            case "FLOAT64" -> random.nextDouble();
            case "UUID" -> new Uuid(random.nextLong(), random.nextLong());
            case "STRING", "COMPACT_STRING", "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" -> text();
            case "BYTES", "COMPACT_BYTES", "NULLABLE_BYTES", "COMPACT_NULLABLE_BYTES" -> bytes();
            case "RECORDS", "COMPACT_RECORDS", "NULLABLE_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
                MemoryRecords.readableRecords(bytes());
            default -> throw new AssertionError("no random value for " + type);
        };
    }

    /** Mostly short; sometimes beyond the 127 bytes whose length takes one byte; not only ASCII. */
    private String text() {
        String[] alphabet = {"a", "Z", "-", "ü", "€", "😀"};
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(8) == 0 ? random.nextInt(200) : random.nextInt(10);
        for (int i = 0; i < length; i++) {
            text.append(alphabet[random.nextInt(alphabet.length)]);
        }
        return text.toString();
    }

    private ByteBuffer bytes() {
        byte[] bytes = new byte[random.nextInt(8) == 0 ? random.nextInt(300) : random.nextInt(20)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
