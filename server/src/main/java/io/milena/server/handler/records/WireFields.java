package io.milena.server.handler.records;

import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import org.jspecify.annotations.Nullable;

/** Fields that the layouts written by hand have in common: compact in flexible versions (KIP-482), as they were before in others. */
final class WireFields {
    private WireFields() {}

    /** How many elements an array has, each of at least {@code elementBytes}; it must not be null. */
    static int readCount(Reader reader, boolean flexible, int elementBytes, String field) {
        int count = flexible ? reader.readCompactArrayLength(elementBytes) : reader.readArrayLength(elementBytes);
        if (count < 0) {
            throw ProtocolException.nullField(field);
        }
        return count;
    }

    /** @param likely what it probably is, which is then used again */
    static String readString(Reader reader, boolean flexible, @Nullable String likely) {
        String read = flexible ? reader.readCompactNullableString(likely) : reader.readNullableString(likely);
        return ProtocolException.required(read, "string");
    }
}
