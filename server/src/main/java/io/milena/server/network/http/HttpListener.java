package io.milena.server.network.http;

import io.milena.server.network.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port that answers HTTP. Opened and closed by threads that may wait. */
public final class HttpListener implements AutoCloseable {
    /** How many clients may be connected; more are closed at once. */
    static final int MAX_CONNECTIONS = 64;

    private static final int BACKLOG = 16;

    private final Channel listening;
    private final Set<Channel> connections;

    private HttpListener(Channel listening, Set<Channel> connections) {
        this.listening = listening;
        this.connections = connections;
    }

    /**
     * Binds a port.
     *
     * @param host the address to bind, empty for all
     * @param port the port, 0 for any free one
     * @throws IOException if the port is taken or the address is not of this machine
     */
    public static HttpListener open(EventLoops loops, String host, int port, HttpHandler handler) throws IOException {
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        Set<Channel> connections = ConcurrentHashMap.newKeySet();
        ChannelFuture bound = loops.serverBootstrap()
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel, connections, handler);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen: address=" + address, bound.cause());
        }
        return new HttpListener(bound.channel(), connections);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of a connection that is refused
    private static void accept(Channel channel, Set<Channel> connections, HttpHandler handler) {
        if (connections.size() >= MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        connections.add(channel);
        channel.closeFuture().addListener(closed -> connections.remove(channel));
        channel.pipeline().addLast(new HttpConnection(channel, handler));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        connections.forEach(connection -> connection.close().awaitUninterruptibly());
    }
}
