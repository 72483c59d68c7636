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

    /** Reads a header of version 1 or 2, as {@link ApiKey#requestHeaderVersion} says. */
    public static RequestHeader read(Reader reader, int headerVersion) {
        return read(reader, headerVersion, null);
    }

    /** The same of a client that is known to call itself so, almost always. */
    public static RequestHeader read(Reader reader, int headerVersion, @Nullable String likelyClientId) {
        RequestHeader header = new RequestHeader(
                reader.readInt16(), reader.readInt16(), reader.readInt32(), reader.readNullableString(likelyClientId));
        if (headerVersion >= 2) {
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
        if (headerVersion >= 2) {
            writer.writeUnsignedVarint(0);
        }
    }
}
