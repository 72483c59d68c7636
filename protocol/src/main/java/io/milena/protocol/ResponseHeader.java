package io.milena.protocol;

import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;

/** What stands in front of every response: the request's correlation id, and in version 1 an empty tagged section. */
public record ResponseHeader(int correlationId) {

    /** Reads a header of version 0 or 1, as {@link ApiKey#responseHeaderVersion} says. */
    public static ResponseHeader read(Reader reader, int headerVersion) {
        ResponseHeader header = new ResponseHeader(reader.readInt32());
        if (headerVersion >= 1) {
            reader.skipTags();
        }
        return header;
    }

    /** Writes a header of version 0 or 1. */
    public void write(Writer writer, int headerVersion) {
        write(writer, headerVersion, correlationId);
    }

    /** Writes the header, of version 0 or 1, of the response to a request. */
    public static void write(Writer writer, int headerVersion, int correlationId) {
        writer.writeInt32(correlationId);
        if (headerVersion >= 1) {
            writer.writeUnsignedVarint(0);
        }
    }
}
