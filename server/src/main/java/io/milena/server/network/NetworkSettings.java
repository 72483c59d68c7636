package io.milena.server.network;

import java.util.Map;

/**
 * The limits of the network, in Kafka's terms.
 *
 * @param maxFrameBytes socket.request.max.bytes
 * @param maxRequestBytes queued.max.request.bytes: all requests in progress together
 * @param maxIdleMs connections.max.idle.ms
 * @param connections how many connections there may be to begin with
 * @param backlog socket.listen.backlog.size
 * @param sendBufferBytes socket.send.buffer.bytes: what the system keeps for one connection, {@link #SYSTEM_DEFAULT} to let it choose. A small
 *     one keeps the bytes of large responses in the processor's caches
 * @param receiveBufferBytes socket.receive.buffer.bytes, as above
 * @param closeTimeoutMs how long requests in progress may take when the network is closed
 */
public record NetworkSettings(
        int maxFrameBytes,
        long maxRequestBytes,
        long maxIdleMs,
        ConnectionLimits connections,
        int backlog,
        int sendBufferBytes,
        int receiveBufferBytes,
        long closeTimeoutMs) {

    /** Leaves the size of a buffer to the system. */
    public static final int SYSTEM_DEFAULT = -1;

    private static final int SEND_BUFFER_BYTES = 100 * 1024;

    /** Kafka's defaults; and for the requests in progress, which Kafka does not limit, 256 MiB. */
    public static NetworkSettings defaults() {
        return new NetworkSettings(
                100 * 1024 * 1024,
                256L << 20,
                600_000,
                new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Map.of()),
                50,
                SEND_BUFFER_BYTES,
                SYSTEM_DEFAULT,
                5_000);
    }
}
