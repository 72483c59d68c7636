package io.milena.server.testing;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** A client with a plain blocking socket that sends and receives frames, one after the other. For one thread. */
public final class WireClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private int nextCorrelationId;

    /** Connects to a port of this machine. */
    public WireClient(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBytes size of the socket's receive buffer, 0 for what the system thinks */
    public WireClient(int port, int receiveBytes) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), receiveBytes);
    }

    /** Connects to an address. */
    public WireClient(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    private WireClient(InetSocketAddress address, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(address, TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends a request and returns its correlation id. */
    public int send(ApiKey apiKey, int version, Message request) throws IOException {
        int correlationId = nextCorrelationId++;
        sendBytes(Frames.request(apiKey, version, correlationId, request));
        return correlationId;
    }

    /** Sends whatever it is given. */
    public void sendBytes(ByteBuffer bytes) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        socket.getOutputStream().write(copy);
    }

    /** The next frame, without its length. */
    public ByteBuffer receive() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return ByteBuffer.wrap(frame);
    }

    /** Sends a request and waits for its response, which must be the next one. */
    public Message call(ApiKey apiKey, int version, Message request) throws IOException {
        int correlationId = send(apiKey, version, request);
        ByteBuffer frame = receive();
        if (Frames.correlationId(frame) != correlationId) {
            throw new AssertionError("expected response " + correlationId + " but got " + Frames.correlationId(frame));
        }
        return Frames.response(apiKey, version, frame);
    }

    /** Waits until the broker closes the connection; false if it sends something instead. */
    public boolean isClosedByBroker() throws IOException {
        try {
            in.readByte();
            return false;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    /** This end's address, as the broker sees it. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
