package io.milena.server.request;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection as handlers see it. Lives from accept to disconnect. What can change is changed and read on the connection's
 * event loop only, except {@link #isOpen()}, which any thread may ask.
 */
public final class ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final String UNKNOWN_SOFTWARE = "unknown";

    private final long id;
    private final String listenerName;
    private final InetSocketAddress clientAddress;
    private final InetSocketAddress localAddress;
    private final Executor eventLoop;

    private @Nullable String clientId;
    private @Nullable String topic;
    private @Nullable UUID topicId;
    private String softwareName = UNKNOWN_SOFTWARE;
    private String softwareVersion = UNKNOWN_SOFTWARE;
    private @Nullable Map<Class<?>, Object> attachments;
    private volatile boolean open = true;

    /**
     * @param id unique in this process
     * @param listenerName which listener accepted it, as configured
     * @param clientAddress the far end
     * @param localAddress the address the client connected to
     * @param eventLoop runs all of this connection's work, in one thread
     */
    public ClientConnection(
            long id,
            String listenerName,
            InetSocketAddress clientAddress,
            InetSocketAddress localAddress,
            Executor eventLoop) {
        this.id = id;
        this.listenerName = listenerName;
        this.clientAddress = clientAddress;
        this.localAddress = localAddress;
        this.eventLoop = eventLoop;
    }

    public long id() {
        return id;
    }

    public String listenerName() {
        return listenerName;
    }

    public InetSocketAddress clientAddress() {
        return clientAddress;
    }

    public InetSocketAddress localAddress() {
        return localAddress;
    }

    public Executor eventLoop() {
        return eventLoop;
    }

    /** The client id of the newest request, null before the first one and if there was none. */
    public @Nullable String clientId() {
        return clientId;
    }

    /** Remembers what the client calls itself. */
    public void clientId(@Nullable String value) {
        clientId = value;
    }

    /** The name of the topic that the client named last in a request that remembers it, null before: probably the next one, too. */
    public @Nullable String topic() {
        return topic;
    }

    /** Remembers which topic the client named. */
    public void topic(String value) {
        topic = value;
    }

    /** The same for a topic's id. */
    public @Nullable UUID topicId() {
        return topicId;
    }

    /** Remembers the id of the topic that the client named. */
    public void topicId(UUID value) {
        topicId = value;
    }

    /** What the client calls its library (KIP-511); "unknown" until it said so. */
    public String softwareName() {
        return softwareName;
    }

    /** The version of the client's library (KIP-511); "unknown" until it said so. */
    public String softwareVersion() {
        return softwareVersion;
    }

    /** Remembers what the client said about itself. */
    public void software(String name, String version) {
        softwareName = name;
        softwareVersion = version;
    }

    /** False once the client has gone or was sent away: nothing sent to it will arrive. */
    public boolean isOpen() {
        return open;
    }

    /**
     * A thing that lives as long as the connection, at most one of each type, made when first asked for. If it is {@link AutoCloseable} it
     * is closed on the event loop when the connection ends.
     *
     * @throws IllegalStateException if the connection has ended
     */
    public <T> T attachment(Class<T> type, Supplier<T> maker) {
        if (!open) {
            throw new IllegalStateException("connection " + id + " has ended");
        }
        if (attachments == null) {
            attachments = new HashMap<>(2);
        }
        Object known = attachments.get(type);
        if (known == null) {
            known = maker.get();
            attachments.put(type, known);
        }
        return type.cast(known);
    }

    /** Ends the connection's life for handlers; called once, by the network, on the event loop. */
    public void disconnected() {
        open = false;
        if (attachments == null) {
            return;
        }
        for (Object attachment : attachments.values()) {
            if (attachment instanceof AutoCloseable closeable) {
                close(closeable);
            }
        }
        attachments = null;
    }

    /** The client's address, for the log. */
    @Override
    public String toString() {
        String address = clientAddress.getAddress() == null
                ? clientAddress.getHostString()
                : clientAddress.getAddress().getHostAddress();
        return address + ":" + clientAddress.getPort();
    }

    private void close(AutoCloseable attachment) {
        try {
            attachment.close();
        } catch (Exception e) {
            LOG.error("attachment failed to close: client={} attachment={}", this, attachment, e);
        }
    }
}
