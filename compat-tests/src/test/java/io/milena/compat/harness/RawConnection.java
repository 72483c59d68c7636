package io.milena.compat.harness;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A socket to a broker on this machine, for bytes that no client library would send. */
public final class RawConnection implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int READ_TIMEOUT_MS = 20_000;
    private static final int RESPONSE_BYTES_MAX = 64 << 20;

    private final Socket socket;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    /** Connects to a port of this machine. */
    public static RawConnection open(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MS);
            socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new RawConnection(socket);
    }

    /** Sends bytes as they are. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a request with header version 1, preceded by its length. */
    public void request(int apiKey, int version, int correlationId, byte[] body) throws IOException {
        byte[] clientId = "raw".getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(4 + 2 + 2 + 4 + 2 + clientId.length + body.length);
        frame.putInt(frame.capacity() - 4).putShort((short) apiKey).putShort((short) version);
        frame.putInt(correlationId)
                .putShort((short) clientId.length)
                .put(clientId)
                .put(body);
        send(frame.array());
    }

    /** The next response, from its correlation id on. */
    public ByteBuffer response() throws IOException {
        DataInputStream input = new DataInputStream(socket.getInputStream());
        int length = input.readInt();
        if (length < 4 || length > RESPONSE_BYTES_MAX) {
            throw new IOException("a response of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        input.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Asks for Metadata version 1 about no topic. */
    public Metadata metadata() throws IOException {
        request(3, 1, 7, new byte[4]);
        ByteBuffer response = response();
        if (response.getInt() != 7) {
            throw new IOException("the response belongs to another request");
        }
        return new Metadata(response.getInt());
    }

    /** Whether the broker closes the connection within the given time; what it sends before is read and dropped. */
    public boolean closedWithin(Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        byte[] dropped = new byte[8192];
        while (System.nanoTime() < deadline) {
            socket.setSoTimeout((int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            try {
                if (socket.getInputStream().read(dropped) < 0) {
                    return true;
                }
            } catch (java.net.SocketTimeoutException stillOpen) {
                return false;
            } catch (EOFException | java.net.SocketException reset) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What the tests need of a Metadata response. */
    public record Metadata(int brokers) {}
}
