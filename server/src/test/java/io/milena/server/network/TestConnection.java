package io.milena.server.network;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.server.metrics.RequestStatistics;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.Handlers;
import io.milena.server.request.TestRequests;
import io.milena.server.strand.ManualTimers;
import io.milena.server.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A connection on an embedded channel: what a client sends and receives, in one thread. */
final class TestConnection {
    final ManualTimers timers = new ManualTimers();
    final RequestStatistics statistics = new RequestStatistics();
    final RequestMemory memory;
    final EmbeddedChannel channel;
    final ClientConnection client;

    /** Received bytes that were not looked at yet. */
    private ByteBuf received = Unpooled.buffer();

    TestConnection(ApiHandler<?, ?>... handlers) {
        this(Long.MAX_VALUE, handlers);
    }

    TestConnection(long memoryBytes, ApiHandler<?, ?>... handlers) {
        memory = new RequestMemory(memoryBytes);
        channel = new EmbeddedChannel();
        client = TestRequests.connection(channel.eventLoop());
        Connections connections = new Connections(new ConnectionLimits(10, 10, Map.of()));
        Connection.Shared shared = new Connection.Shared(
                new Handlers(List.of(handlers)),
                memory,
                connections,
                timers,
                new RequestLog(statistics, 1_000),
                1 << 20);
        Connection connection = new Connection(channel, client, shared);
        connection.channelActive(null);
        channel.pipeline().addLast(connection);
    }

    void send(ApiKey apiKey, int version, int correlationId, Message request) {
        sendBytes(Frames.request(apiKey, version, correlationId, request));
    }

    void sendBytes(ByteBuffer bytes) {
        channel.writeInbound(channel.alloc().directBuffer().writeBytes(bytes));
    }

    /** Runs what other threads would have brought to the event loop, and what became due. */
    void run() {
        channel.runPendingTasks();
    }

    /** All response frames sent since the last call. */
    List<ByteBuffer> received() {
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            received.writeBytes(part);
            part.release();
        }
        List<ByteBuffer> frames = new ArrayList<>();
        while (received.readableBytes() >= Integer.BYTES
                && received.readableBytes() >= Integer.BYTES + received.getInt(received.readerIndex())) {
            byte[] frame = new byte[received.readInt()];
            received.readBytes(frame);
            frames.add(ByteBuffer.wrap(frame));
        }
        return frames;
    }

    /** The correlation ids of all responses since the last call. */
    List<Integer> receivedIds() {
        return received().stream().map(Frames::correlationId).toList();
    }

    boolean isOpen() {
        return channel.isActive();
    }

    void close() {
        received.release();
        channel.finishAndReleaseAll();
    }
}
