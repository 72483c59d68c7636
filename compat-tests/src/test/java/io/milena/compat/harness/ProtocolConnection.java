package io.milena.compat.harness;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestUtils;

/** Sends single requests of any API in any version, whatever the order, and reads their responses. */
public final class ProtocolConnection implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 30_000;

    private final Socket socket;
    private int correlationId;

    /** Connects to a port of this machine. */
    public ProtocolConnection(int port) {
        try {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(READ_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The response to a request in a version. */
    public ApiMessage call(ApiMessage request, int version) {
        send(request, version);
        return receive(ApiMessageType.fromApiKey(request.apiKey()), version);
    }

    /** Sends a request in a version, whose response is to be {@link #receive received} later. */
    public void send(ApiMessage request, int version) {
        ApiMessageType type = ApiMessageType.fromApiKey(request.apiKey());
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(request.apiKey())
                .setRequestApiVersion((short) version)
                .setCorrelationId(++correlationId)
                .setClientId("protocol");
        ByteBuffer bytes =
                RequestUtils.serialize(header, type.requestHeaderVersion((short) version), request, (short) version);
        try {
            ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes.remaining());
            frame.putInt(bytes.remaining()).put(bytes);
            socket.getOutputStream().write(frame.array());
        } catch (IOException e) {
            throw new UncheckedIOException(request + " in version " + version, e);
        }
    }

    /** The response to the oldest request that was sent and not answered, of an API in a version. */
    public ApiMessage receive(ApiMessageType type, int version) {
        try {
            DataInputStream input = new DataInputStream(socket.getInputStream());
            byte[] response = new byte[input.readInt()];
            input.readFully(response);
            ByteBufferAccessor reader = new ByteBufferAccessor(ByteBuffer.wrap(response));
            new ResponseHeaderData(reader, type.responseHeaderVersion((short) version));
            ApiMessage message = type.newResponse();
            message.read(reader, (short) version);
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException("response of " + type + " in version " + version, e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
