package io.milena.server.testing;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.protocol.RequestHeader;
import io.milena.protocol.ResponseHeader;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import java.nio.ByteBuffer;

/** Requests as bytes, and bytes as responses: a client's side of the wire. */
public final class Frames {
    private Frames() {}

    /** A request with its header and length prefix. */
    public static ByteBuffer request(ApiKey apiKey, int version, int correlationId, Message request) {
        Writer writer = new Writer(256);
        writer.writeInt32(0);
        new RequestHeader(apiKey.id(), (short) version, correlationId, "test-client")
                .write(writer, apiKey.requestHeaderVersion(version));
        request.write(writer, version);
        writer.patchInt32(0, writer.sizeInBytes() - Integer.BYTES);
        return writer.joined();
    }

    /** The correlation id of a response frame without its length. */
    public static int correlationId(ByteBuffer frame) {
        return frame.getInt(frame.position());
    }

    /** The response in a frame without its length; nothing may follow it. */
    public static Message response(ApiKey apiKey, int version, ByteBuffer frame) {
        Reader reader = new Reader(frame);
        ResponseHeader.read(reader, apiKey.responseHeaderVersion(version));
        Message response = apiKey.readResponse(reader, version);
        if (reader.remaining() != 0) {
            throw new AssertionError(reader.remaining() + " bytes after the response: " + response);
        }
        return response;
    }
}
