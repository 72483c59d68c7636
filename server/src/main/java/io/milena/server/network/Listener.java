package io.milena.server.network;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** A bound port and the name it has in the configuration. Made by {@link Network#listen}, closed with the network. */
public final class Listener {
    private final String name;
    private final Channel channel;

    Listener(String name, Channel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** The listener's name, such as PLAINTEXT. */
    public String name() {
        return name;
    }

    /** Where it listens: the port is the one that was chosen if 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Stops accepting connections; those accepted live on. Waits until the port is free. */
    void close() {
        channel.close().awaitUninterruptibly();
    }
}
