package io.milena.server.network;

import io.milena.server.strand.Timers;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a connection cannot be accepted, mostly since the process may open no more files: the listener pauses, so
 * that it does not spin, and says so once. The clients wait in its backlog meanwhile. One for each listener, on its event loop.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    /** How long nothing is accepted. */
    static final long PAUSE_MS = 500;

    /** Failures within this time of the last one belong to it, and are not worth another line. */
    static final long QUIET_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);

    private final String listenerName;
    private final Timers timers;
    private boolean failedBefore;
    private long lastFailureMs;

    AcceptFailures(String listenerName, Timers timers) {
        this.listenerName = listenerName;
        this.timers = timers;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the loop ends the pause, or has ended itself
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        long now = timers.nowMs();
        if (!failedBefore || now - lastFailureMs > QUIET_MS) {
            LOG.warn(
                    "connections cannot be accepted, trying again every {} ms: listener={} reason={}",
                    PAUSE_MS,
                    listenerName,
                    failure.getMessage());
        }
        failedBefore = true;
        lastFailureMs = now;
        context.channel().config().setAutoRead(false);
        context.executor()
                .schedule(() -> context.channel().config().setAutoRead(true), PAUSE_MS, TimeUnit.MILLISECONDS);
    }
}
