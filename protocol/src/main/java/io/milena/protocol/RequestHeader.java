package io.milena.protocol;

import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of every request. Version 1 ends with the client id, version 2 adds a tagged section; the client id
 * is a plain string in both (KIP-482).
 */
public record RequestHeader(
        short apiKey,
        short apiVersion,
        int correlationId,
        @Nullable String clientId) {
    /** From this version of the header on it ends with tagged fields. */
    public static final int FIRST_VERSION_WITH_TAGS = 2;

    /** Reads a header of version 1 or 2, as {@link ApiKey#requestHeaderVersion} says. */
    public static RequestHeader read(Reader reader, int headerVersion) {
        RequestHeader header = new RequestHeader(
                reader.readInt16(), reader.readInt16(), reader.readInt32(), reader.readNullableString());
        if (headerVersion >= FIRST_VERSION_WITH_TAGS) {
            reader.skipTags();
        }
        return header;
    }

    /** Writes a header of version 1 or 2. */
    public void write(Writer writer, int headerVersion) {
        writer.writeInt16(apiKey);
        writer.writeInt16(apiVersion);
        writer.writeInt32(correlationId);
        writer.writeNullableString(clientId);
        if (headerVersion >= FIRST_VERSION_WITH_TAGS) {
            writer.writeUnsignedVarint(0);
        }
    }
}
