package io.milena.server.network;

import io.milena.protocol.Message;
import io.milena.server.metrics.LoopRequests;
import io.milena.server.network.ReadGate.Reason;
import io.milena.server.request.ClientConnection;
import io.milena.server.request.CloseConnectionException;
import io.milena.server.request.Handlers;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection: brings received bytes through frames and requests to handlers, and outcomes back into bytes. Everything
 * happens on its event loop. Bytes are decoded while the {@link ReadGate} is open. When it is closed, the first bytes that arrive stop
 * the reading: a client that waits for its responses costs no system call, and at most one receive buffer is kept.
 *
 * <p>Responses are flushed once per burst: at the end of what was read together, or of what was completed together.
 */
@SuppressWarnings("FutureReturnValueIgnored") // writes that fail reach exceptionCaught, or release what they carried
final class Connection extends ChannelInboundHandlerAdapter implements RequestSequencer.Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Channel channel;
    private final ClientConnection client;
    private final Shared shared;
    private final LoopRequests counts;
    private final ReadGate gate = new ReadGate(this::decode);
    private final FrameDecoder frames;
    private final RequestDecoder requests;
    private final RequestSequencer sequencer;
    private final ResponseEncoder responses;

    private boolean gathering;
    private boolean decoding;
    private boolean flushWanted;
    private long throttledUntilMs;
    private long receivedNanos;
    private volatile long activeMs;

    /** What all connections have in common. */
    record Shared(
            Handlers handlers,
            RequestMemory memory,
            Connections connections,
            Timers timers,
            RequestLog log,
            int maxFrameBytes) {}

    Connection(Channel channel, ClientConnection client, Shared shared) {
        this.channel = channel;
        this.client = client;
        this.shared = shared;
        this.frames = new FrameDecoder(channel.alloc(), shared.maxFrameBytes, shared.memory);
        this.requests = new RequestDecoder(shared.handlers, client);
        this.sequencer = new RequestSequencer(channel.eventLoop(), gate, this);
        this.counts = shared.log.statistics().of(channel.eventLoop());
        this.responses = new ResponseEncoder(channel);
        this.activeMs = shared.timers.nowMs();
    }

    /** The client's address, null if it is not one of the internet. */
    @Nullable
    InetAddress clientIp() {
        return client.clientAddress().getAddress();
    }

    String listenerName() {
        return client.listenerName();
    }

    /** Closes the connection if nothing was read or completed since that time and nothing is in progress; on any thread. */
    void closeIfIdleSince(long timeMs) {
        if (activeMs <= timeMs) {
            channel.eventLoop().execute(() -> {
                if (sequencer.isIdle() && activeMs <= timeMs) {
                    LOG.debug("connection was idle: client={}", client);
                    channel.close();
                }
            });
        }
    }

    /** Takes up no further request, and closes the connection when those in progress are answered; on any thread. */
    void closeWhenAnswered() {
        channel.eventLoop().execute(() -> {
            gate.close(Reason.CLOSING);
            closeIfAnswered();
        });
    }

    /** Closes the connection; on any thread. */
    void close() {
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        String refusal = shared.connections.add(this);
        if (!refusal.isEmpty()) {
            shared.log.statistics().refused();
            if (shared.connections.reportsRefusal(activeMs)) {
                LOG.warn(
                        "connections refused: client={} listener={} reason={}", client, client.listenerName(), refusal);
            }
            channel.close();
            return;
        }
        shared.log.statistics().accepted();
        LOG.debug("connected: client={} listener={}", client, client.listenerName());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        LOG.debug("disconnected: client={}", client);
        shared.connections.remove(this);
        gate.close(Reason.CLOSING);
        frames.close();
        sequencer.close();
        client.disconnected();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!channel.isActive()) {
            bytes.release();
            return;
        }
        gather();
        receivedNanos = now();
        frames.add(bytes);
        decode();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        letGo();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            gate.open(Reason.UNWRITABLE);
        } else {
            gate.close(Reason.UNWRITABLE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof IOException) {
            LOG.debug("connection broke: client={} reason={}", client, failure.toString());
        } else {
            LOG.error("connection failed: client={}", client, failure);
        }
        channel.close();
    }

    @Override
    public void reply(Exchange exchange) {
        RequestContext context = exchange.context();
        Message response = exchange.response();
        if (response == null) {
            failed(exchange);
            return;
        }
        int errors = counts.errors(context.apiKey(), response);
        int bytes = 0;
        try {
            if (context.isResponseExpected()) {
                bytes = responses.write(exchange, response);
            } else {
                responses.drop(exchange, response);
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("response cannot be sent, connection closed: {}", context, e);
            channel.close();
            return;
        }
        shared.log.answered(counts, exchange, errors, bytes, now());
        throttle(context.throttleMs());
        wantFlush();
        closeIfAnswered();
    }

    @Override
    public void gather() {
        gathering = true;
    }

    @Override
    public void letGo() {
        gathering = false;
        flush();
    }

    @Override
    public void discard(Exchange exchange, Message response) {
        try {
            ResponseEncoder.discard(exchange, response);
        } catch (RuntimeException e) {
            LOG.error("response cannot be given back: {}", exchange.context(), e);
        }
    }

    /** Takes up requests while there are bytes and no reason not to. Calls itself only through the gate, and then in vain. */
    private void decode() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            decodeFrames();
        } catch (InvalidFrameException e) {
            shared.log.statistics().invalid();
            LOG.warn(
                    "connection closed: client={} listener={} reason={}",
                    client,
                    client.listenerName(),
                    e.getMessage());
            frames.close();
            closeAfterFlush();
        } finally {
            decoding = false;
        }
        boolean read = gate.isOpen() || !frames.hasBytes();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    private void decodeFrames() throws InvalidFrameException {
        while (gate.isOpen() && frames.hasBytes()) {
            if (!frames.isInsideFrame() && !shared.memory.hasRoom()) {
                gate.close(Reason.REQUEST_MEMORY);
                shared.memory.whenRoom(() -> channel.eventLoop().execute(() -> gate.open(Reason.REQUEST_MEMORY)));
                return;
            }
            RequestFrame frame = frames.next();
            if (frame == null) {
                return;
            }
            Exchange exchange;
            try {
                exchange = requests.decode(frame);
                exchange.arrived(receivedNanos, frame.length() + FrameDecoder.LENGTH_BYTES);
            } catch (InvalidFrameException | RuntimeException e) {
                frame.release();
                throw e;
            }
            sequencer.accept(exchange);
        }
    }

    /** What time it is; the connection was active now. */
    private long now() {
        long nanos = shared.timers.nowNanos();
        activeMs = TimeUnit.NANOSECONDS.toMillis(nanos);
        return nanos;
    }

    private void failed(Exchange exchange) {
        Throwable failure = exchange.failure();
        if (failure instanceof CompletionException && failure.getCause() != null) {
            failure = failure.getCause();
        }
        if (failure instanceof CloseConnectionException) {
            LOG.warn("connection closed: {} reason={}", exchange.context(), failure.getMessage());
        } else {
            LOG.error("request failed, connection closed: {}", exchange.context(), failure);
        }
        closeAfterFlush();
    }

    private void throttle(int throttleMs) {
        if (throttleMs > 0) {
            gate.close(Reason.THROTTLED);
            throttledUntilMs = Math.max(throttledUntilMs, shared.timers.nowMs() + throttleMs);
            shared.timers.schedule(throttleMs, () -> channel.eventLoop().execute(this::endThrottle));
        }
    }

    private void endThrottle() {
        if (shared.timers.nowMs() >= throttledUntilMs) {
            gate.open(Reason.THROTTLED);
        }
    }

    private void wantFlush() {
        if (gate.isClosedFor(Reason.UNWRITABLE)) {
            flushWanted = false;
            channel.flush();
        } else if (!flushWanted) {
            flushWanted = true;
            if (!gathering) {
                channel.eventLoop().execute(this::flush);
            }
        }
    }

    private void flush() {
        if (flushWanted) {
            flushWanted = false;
            channel.flush();
        }
    }

    private void closeIfAnswered() {
        if (gate.isClosedFor(Reason.CLOSING) && sequencer.isIdle()) {
            closeAfterFlush();
        }
    }

    /** Nothing more is answered; what was written before goes out first. */
    private void closeAfterFlush() {
        gate.close(Reason.CLOSING);
        sequencer.close();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
