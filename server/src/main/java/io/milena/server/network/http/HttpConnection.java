package io.milena.server.network.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer, then the connection ends; and it ends when its time is over. On its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // writes that fail reach exceptionCaught
final class HttpConnection extends ChannelInboundHandlerAdapter {
    /** The longest head of a request that is read. */
    static final int MAX_HEAD_BYTES = 8 * 1024;

    /** How long a connection may last in all. */
    static final long MAX_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final int INTERNAL_ERROR = 500;
    private static final int HEAD_TOO_LARGE = 431;
    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            404, "Not Found",
            405, "Method Not Allowed",
            431, "Request Header Fields Too Large",
            500, "Internal Server Error",
            503, "Service Unavailable",
            505, "HTTP Version Not Supported");

    private final Channel channel;
    private final HttpHandler handler;
    private final StringBuilder head = new StringBuilder();
    private boolean isAnswered;
    private @Nullable Future<?> timeout;

    HttpConnection(Channel channel, HttpHandler handler) {
        this.channel = channel;
        this.handler = handler;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        timeout = channel.eventLoop().schedule(() -> channel.close(), MAX_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!isAnswered) {
                int room = MAX_HEAD_BYTES + 1 - head.length();
                head.append(bytes.toString(
                        bytes.readerIndex(), Math.min(room, bytes.readableBytes()), StandardCharsets.ISO_8859_1));
                parse();
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        LOG.debug("http connection broke: client={} reason={}", channel.remoteAddress(), failure.toString());
        channel.close();
    }

    private void parse() {
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            end = head.indexOf("\n\n");
        }
        if (end >= 0) {
            answer(RequestHead.parse(head.substring(0, end)));
        } else if (head.length() > MAX_HEAD_BYTES) {
            answer(RequestHead.refused(HEAD_TOO_LARGE));
        }
    }

    private void answer(RequestHead request) {
        isAnswered = true;
        if (request.refusal() != 0) {
            LOG.debug("http request refused: client={} status={}", channel.remoteAddress(), request.refusal());
            send(HttpReply.text(request.refusal(), reason(request.refusal())), false);
            return;
        }
        handler.handle(request.request()).whenComplete((reply, failure) -> {
            HttpReply sent = reply == null ? failed(request, failure) : reply;
            channel.eventLoop().execute(() -> send(sent, request.isHead()));
        });
    }

    private static HttpReply failed(RequestHead request, @Nullable Throwable failure) {
        LOG.error("http request failed: path={}", request.request().path(), failure);
        return HttpReply.text(INTERNAL_ERROR, reason(INTERNAL_ERROR));
    }

    private void send(HttpReply reply, boolean headOnly) {
        String lines = "HTTP/1.1 " + reply.status() + " " + reason(reply.status()) + "\r\n"
                + "Content-Type: " + reply.contentType() + "\r\n"
                + "Content-Length: " + reply.body().remaining() + "\r\n"
                + (reply.status() == 405 ? "Allow: GET, HEAD\r\n" : "")
                + "Cache-Control: no-store\r\n"
                + "Connection: close\r\n\r\n";
        ByteBuf start = Unpooled.wrappedBuffer(lines.getBytes(StandardCharsets.ISO_8859_1));
        ByteBuf all = headOnly ? start : Unpooled.wrappedBuffer(start, Unpooled.wrappedBuffer(reply.body()));
        channel.writeAndFlush(all).addListener(ChannelFutureListener.CLOSE);
    }

    private static String reason(int status) {
        return REASONS.getOrDefault(status, "");
    }
}
