package io.milena.server.network;

import io.milena.server.network.Connection.Shared;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.Handlers;
import io.milena.server.strand.Timeout;
import io.milena.server.strand.Timers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FileRegion;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's side of the wire: listeners, and the connections they accept. One for each broker; may be used from any thread that may wait.
 * Close it before the event loops, and after whatever would leave requests unanswered was told to stop.
 */
public final class Network implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);

    /** Who comes while the backlog is full tries again after a second, so it has room for a burst. */
    private static final int MIN_BACKLOG = 1024;

    /** Buffers a connection receives into: as small as what arrives, so that an idle one holds nothing, and large for a busy one. */
    private static final int MIN_RECEIVE_BYTES = 512;

    private static final int FIRST_RECEIVE_BYTES = 2 * 1024;
    private static final int MAX_RECEIVE_BYTES = 256 * 1024;

    /** What a connection may have written and not sent before its requests have to wait, and when they may go on. */
    private static final WriteBufferWaterMark WRITE_LIMITS = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private static final long IDLE_CHECKS_PER_PERIOD = 10;
    private static final long FORCED_CLOSE_MS = 1_000;

    private final NetworkSettings settings;
    private final EventLoops loops;
    private final Timers timers;
    private final Connections connections;
    private final RequestMemory memory;
    private final Shared shared;
    private final AtomicLong nextConnectionId = new AtomicLong(1);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Timeout idleCheck;
    private volatile boolean closed;

    /** @param log counts what is answered, and writes it to the log where that is wanted */
    public Network(NetworkSettings settings, EventLoops loops, Timers timers, Handlers handlers, RequestLog log) {
        this.settings = settings;
        this.loops = loops;
        this.timers = timers;
        connections = new Connections(settings.connections());
        memory = new RequestMemory(settings.maxRequestBytes());
        shared = new Shared(handlers, memory, connections, timers, log, settings.maxFrameBytes());
        idleCheck = scheduleIdleCheck();
    }

    /**
     * Binds a port and begins to accept connections.
     *
     * @param name the listener's name in the configuration
     * @param host the address to bind, empty for all
     * @param port the port, 0 for any free one
     * @throws IOException if the port is taken or the address is not of this machine
     */
    public Listener listen(String name, String host, int port) throws IOException {
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        ServerBootstrap bootstrap = loops.serverBootstrap()
                .option(ChannelOption.SO_BACKLOG, Math.max(settings.backlog(), MIN_BACKLOG))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, EventLoops.allocator())
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(MIN_RECEIVE_BYTES, FIRST_RECEIVE_BYTES, MAX_RECEIVE_BYTES))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_LIMITS)
                .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, () -> Network::sizeInBytes)
                .handler(new AcceptFailures(name, timers))
                .childHandler(new Acceptor(name));
        if (settings.sendBufferBytes() != NetworkSettings.SYSTEM_DEFAULT) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
        }
        if (settings.receiveBufferBytes() != NetworkSettings.SYSTEM_DEFAULT) {
            bootstrap.childOption(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen: listener=" + name + " address=" + address, bound.cause());
        }
        Listener listener = new Listener(name, bound.channel());
        listeners.add(listener);
        LOG.info("listening: listener={} address={}", name, listener.address());
        return listener;
    }

    /** Other limits, for the connections that come from now on. */
    public void limits(ConnectionLimits limits) {
        connections.limits(limits);
    }

    /** How many clients are connected. */
    public int connections() {
        return connections.count();
    }

    /** How many of them came by a listener. */
    public int connections(String listenerName) {
        return connections.count(listenerName);
    }

    /** Bytes of requests that were received and are not answered. */
    public long requestBytes() {
        return memory.usedBytes();
    }

    /** Stops accepting connections; those accepted live on. */
    public void stopListening() {
        listeners.forEach(Listener::close);
        listeners.clear();
    }

    /** Stops listening, lets the requests in progress be answered within a bounded time, and closes all connections. */
    @Override
    public void close() {
        closed = true;
        idleCheck.cancel();
        stopListening();
        connections.refuse();
        connections.forEach(Connection::closeWhenAnswered);
        if (!drained(settings.closeTimeoutMs())) {
            LOG.info("closing connections with unanswered requests: connections={}", connections.count());
            connections.forEach(Connection::close);
            drained(FORCED_CLOSE_MS);
        }
    }

    private boolean drained(long timeoutMs) {
        try {
            connections.drained().get(timeoutMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private Timeout scheduleIdleCheck() {
        long periodMs = Math.max(1, settings.maxIdleMs() / IDLE_CHECKS_PER_PERIOD);
        return timers.schedule(periodMs, () -> loops.next().execute(this::closeIdle));
    }

    private void closeIdle() {
        long idleSinceMs = timers.nowMs() - settings.maxIdleMs();
        connections.forEach(connection -> connection.closeIfIdleSince(idleSinceMs));
        if (!closed) {
            idleCheck = scheduleIdleCheck();
        }
    }

    /** Netty takes a region of a file for nothing, as it needs no memory; but a client that does not read must not collect regions. */
    private static int sizeInBytes(Object message) {
        if (message instanceof ByteBuf bytes) {
            return bytes.readableBytes();
        }
        return message instanceof FileRegion region ? Math.toIntExact(region.count()) : 0;
    }

    private final class Acceptor extends ChannelInitializer<Channel> {
        private final String listenerName;

        Acceptor(String listenerName) {
            this.listenerName = listenerName;
        }

        @Override
        protected void initChannel(Channel channel) {
            ClientConnection client = new ClientConnection(
                    nextConnectionId.getAndIncrement(),
                    listenerName,
                    (InetSocketAddress) channel.remoteAddress(),
                    (InetSocketAddress) channel.localAddress(),
                    channel.eventLoop());
            channel.pipeline().addLast(new Connection(channel, client, shared));
        }
    }
}
