package io.milena.server.network;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.RequestHeader;
import io.milena.protocol.Versions;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.Handlers;
import io.milena.server.request.RequestContext;
import java.nio.ByteBuffer;
import java.util.List;

/** Makes requests of the frames of one connection and finds their handlers. Belongs to the connection's event loop. */
final class RequestDecoder {
    private static final int UNSUPPORTED_API_VERSIONS_LAYOUT = 0;

    private final Handlers handlers;
    private final ClientConnection connection;
    private final Reader reader = new Reader();

    RequestDecoder(Handlers handlers, ClientConnection connection) {
        this.handlers = handlers;
        this.connection = connection;
    }

    /**
     * Decodes one frame, of at least {@link FrameDecoder#MIN_FRAME_BYTES} bytes. Releases it when the request has no slices of it any more;
     * if there is no request, that is up to the caller.
     *
     * @throws InvalidFrameException if no handler serves the API in the version asked for, or the frame is malformed
     */
    Exchange decode(RequestFrame frame) throws InvalidFrameException {
        ByteBuffer bytes = frame.view();
        short apiKeyId = bytes.getShort(bytes.position());
        short version = bytes.getShort(bytes.position() + Short.BYTES);
        ApiKey apiKey = ApiKey.forId(apiKeyId);
        ApiHandler<?, ?> handler = apiKey == null ? null : handlers.find(apiKey);
        if (apiKey == null || handler == null) {
            throw new InvalidFrameException("api is not served: " + described(frame));
        }
        if (!handler.versions().contains(version)) {
            if (apiKey == ApiKey.API_VERSIONS) {
                return unknownApiVersions(frame, handler.versions());
            }
            throw new InvalidFrameException("version is not served: " + described(frame));
        }
        try {
            reader.begin(bytes);
            RequestContext context = RequestContext.read(reader, apiKey, connection, frame);
            connection.clientId(context.clientId());
            Message request = handler.read(reader, version, connection);
            if (!hasSlices(apiKey)) {
                frame.release();
            }
            return Exchange.of(context, handler, request);
        } catch (ProtocolException e) {
            throw new InvalidFrameException("malformed request, " + e.getMessage() + ": " + described(frame));
        }
    }

    /** All other requests copy what they need while they are read. */
    private static boolean hasSlices(ApiKey apiKey) {
        return apiKey == ApiKey.PRODUCE;
    }

    /**
     * A client that is newer than the broker learns which versions of ApiVersions it may use: an answer in the layout that all clients know,
     * to a request of which nothing but the header's first fields can be read (KIP-511).
     */
    private Exchange unknownApiVersions(RequestFrame frame, Versions versions) {
        RequestHeader header = beginning(frame);
        ApiVersionsResponse response = new ApiVersionsResponse()
                .errorCode(ErrorCode.UNSUPPORTED_VERSION)
                .apiKeys(List.of(new ApiVersionsResponse.ApiVersion()
                        .apiKey(ApiKey.API_VERSIONS.id())
                        .minVersion(versions.lowest())
                        .maxVersion(versions.highest())));
        frame.release();
        RequestContext context = new RequestContext(ApiKey.API_VERSIONS, header, connection);
        return Exchange.answered(context, UNSUPPORTED_API_VERSIONS_LAYOUT, response);
    }

    private static String described(RequestFrame frame) {
        RequestHeader header = beginning(frame);
        return "clientId=" + header.clientId() + " apiKey=" + header.apiKey() + " version=" + header.apiVersion();
    }

    /** What all requests begin with; the client id is null if it cannot be read. */
    private static RequestHeader beginning(RequestFrame frame) {
        Reader start = new Reader(frame.view());
        short apiKeyId = start.readInt16();
        short version = start.readInt16();
        int correlationId = start.readInt32();
        String clientId;
        try {
            clientId = start.readNullableString();
        } catch (ProtocolException e) {
            clientId = null;
        }
        return new RequestHeader(apiKeyId, version, correlationId, clientId);
    }
}
