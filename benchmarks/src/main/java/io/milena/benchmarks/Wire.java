package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.protocol.RequestHeader;
import io.milena.protocol.ResponseHeader;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client of one connection that sends prepared requests, one at a time, without garbage of its own. */
final class Wire implements AutoCloseable {
    private static final int MAX_RESPONSE_BYTES = 4 << 20;

    private final SocketChannel channel;
    private final ByteBuffer response = ByteBuffer.allocateDirect(MAX_RESPONSE_BYTES);

    Wire(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** The frame of a request. */
    static ByteBuffer request(ApiKey apiKey, int version, Message request) {
        Writer writer = new Writer(512);
        writer.writeInt32(0);
        new RequestHeader(apiKey.id(), (short) version, 1, "benchmark")
                .write(writer, apiKey.requestHeaderVersion((short) version));
        request.write(writer, version);
        writer.patchInt32(0, writer.sizeInBytes() - Integer.BYTES);
        ByteBuffer joined = writer.joined();
        return ByteBuffer.allocateDirect(joined.remaining()).put(joined).flip();
    }

    /** Where four bytes that occur nowhere else lie in a request. */
    static int find(ByteBuffer request, int mark) {
        for (int at = 0; at + Integer.BYTES <= request.limit(); at++) {
            if (request.getInt(at) == mark) {
                return at;
            }
        }
        throw new IllegalStateException("mark is not in the request");
    }

    /** Sends a request and reads the response; returns its size in bytes. The response stays in {@link #response} until the next call. */
    int call(ByteBuffer request) throws IOException {
        send(request);
        return receive();
    }

    /** Sends a request whose response is received later. */
    void send(ByteBuffer request) throws IOException {
        request.rewind();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    /** Reads a response; returns its size in bytes. */
    int receive() throws IOException {
        response.clear();
        read(Integer.BYTES);
        int size = response.getInt(0);
        read(Integer.BYTES + size);
        return size;
    }

    /** Sends a request and decodes the response. */
    Message call(ApiKey apiKey, int version, Message request) throws IOException {
        int size = call(request(apiKey, version, request));
        byte[] bytes = new byte[size];
        response.get(Integer.BYTES, bytes);
        Reader reader = new Reader(ByteBuffer.wrap(bytes));
        ResponseHeader.read(reader, apiKey.responseHeaderVersion((short) version));
        return apiKey.readResponse(reader, version);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void read(int end) throws IOException {
        response.limit(Math.max(end, response.position()));
        while (response.position() < end) {
            if (channel.read(response) < 0) {
                throw new EOFException("connection closed");
            }
        }
    }
}
