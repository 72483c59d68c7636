package io.milena.compat.program;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * A connection for each producer that sends the same Produce request with one record ({@code acks=all}) whenever the last one was answered. One
 * thread serves all, so that the processor is left to the broker.
 */
final class ConnectionLoad implements Load, Runnable {

    private static final short VERSION = 12;
    private static final int TIMEOUT_MS = 30_000;
    private static final int MAX_RESPONSE_BYTES = 4096;
    private static final RequestHeader HEADER = new RequestHeader(ApiKeys.PRODUCE, VERSION, "benchmark", 1);

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final Thread thread = new Thread(this, "connections");
    private long[] latenciesNanos = new long[1 << 16];
    private int count;
    private volatile boolean measuring;
    private volatile boolean ended;
    private volatile @Nullable Exception failure;

    /** A connection for each of the partitions, which may repeat. */
    ConnectionLoad(String bootstrap, List<TopicPartition> partitions, int recordBytes) throws IOException {
        selector = Selector.open();
        int colon = bootstrap.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)));
        for (TopicPartition partition : partitions) {
            connections.add(new Connection(address, request(partition, recordBytes)));
        }
    }

    private final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer request;
        private final ByteBuffer response = ByteBuffer.allocateDirect(MAX_RESPONSE_BYTES);
        private long sentNanos;

        Connection(InetSocketAddress address, ByteBuffer request) throws IOException {
            this.request = request;
            channel = SocketChannel.open(address);
            channel.socket().setTcpNoDelay(true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        /** The request is small, and nothing else is in the socket's buffer. */
        void send() throws IOException {
            sentNanos = System.nanoTime();
            request.rewind();
            while (request.hasRemaining()) {
                channel.write(request);
            }
        }

        void receive() throws IOException {
            if (channel.read(response) < 0) {
                throw new EOFException("the broker closed a connection");
            }
            if (response.position() >= Integer.BYTES && response.position() == Integer.BYTES + response.getInt(0)) {
                acknowledged(System.nanoTime() - sentNanos);
                check(response.flip().position(Integer.BYTES));
                response.clear();
                if (!ended) {
                    send();
                }
            }
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void measure() {
        measuring = true;
    }

    @Override
    public void end() {
        measuring = false;
        ended = true;
        selector.wakeup();
    }

    @Override
    public long[] latenciesNanos() {
        Exception cause = failure;
        if (cause != null) {
            throw new IllegalStateException("a record failed", cause);
        }
        return Arrays.copyOf(latenciesNanos, count);
    }

    @Override
    public void run() {
        try {
            for (Connection connection : connections) {
                connection.send();
            }
            while (!ended) {
                selector.select(key -> receive((Connection) key.attachment()));
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
            for (Connection connection : connections) {
                connection.channel.close();
            }
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void receive(Connection connection) {
        try {
            connection.receive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acknowledged(long nanos) {
        if (measuring) {
            if (count == latenciesNanos.length) {
                latenciesNanos = Arrays.copyOf(latenciesNanos, 2 * count);
            }
            latenciesNanos[count++] = nanos;
        }
    }

    private static void check(ByteBuffer response) {
        AbstractResponse parsed = AbstractResponse.parseResponse(response, HEADER);
        if (parsed.errorCounts().size() != 1 || !parsed.errorCounts().containsKey(Errors.NONE)) {
            throw new IllegalStateException("refused: " + parsed);
        }
    }

    /** A whole frame. */
    private static ByteBuffer request(TopicPartition partition, int recordBytes) {
        ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData()
                .setName(partition.topic())
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(partition.partition())
                        .setRecords(MemoryRecords.withRecords(
                                Compression.NONE, new SimpleRecord(new byte[recordBytes]))))));
        ByteBuffer body = ProduceRequest.builder(new ProduceRequestData()
                        .setAcks((short) -1)
                        .setTimeoutMs(TIMEOUT_MS)
                        .setTopicData(topics))
                .build(VERSION)
                .serializeWithHeader(HEADER);
        return ByteBuffer.allocateDirect(Integer.BYTES + body.remaining())
                .putInt(body.remaining())
                .put(body)
                .flip();
    }
}
