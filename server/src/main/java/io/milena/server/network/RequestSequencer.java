package io.milena.server.network;

import io.milena.protocol.Message;
import io.milena.server.network.ReadGate.Reason;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the requests of one connection in order and hands over their outcomes in the same order, each once. One request is in progress at
 * a time, unless it overlaps: then more that overlap may follow, up to a limit. Belongs to the connection's event loop; outcomes that
 * other threads find are brought there.
 */
final class RequestSequencer {
    /** How many overlapping requests of one connection are in progress at most; clients send 5 at a time by default. */
    static final int MAX_OVERLAPPING = 16;

    private static final Logger LOG = LoggerFactory.getLogger(RequestSequencer.class);

    private final EventLoop loop;
    private final ReadGate gate;
    private final Replies replies;

    /** What was started and whose outcome was not handed over, oldest first. */
    private final Queue<Exchange> inProgress = new ArrayDeque<>(2);

    private @Nullable Exchange newest;
    private @Nullable Exchange waiting;
    private boolean starting;
    private boolean closed;

    /** Takes outcomes, on the event loop. */
    interface Replies {
        /** The oldest request in progress has its outcome: a response or a failure. */
        void reply(Exchange exchange);

        /** Nobody waits for this response any more, but what it holds has to be given back; on any thread. */
        void discard(Exchange exchange, Message response);

        /** Several outcomes may follow, whose responses leave together... */
        void gather();

        /** ...now. */
        void letGo();
    }

    RequestSequencer(EventLoop loop, ReadGate gate, Replies replies) {
        this.loop = loop;
        this.gate = gate;
        this.replies = replies;
    }

    /** Takes the connection's next request; only while the gate is open. */
    void accept(Exchange exchange) {
        if (mayStart(exchange)) {
            start(exchange);
            handOver();
        } else {
            waiting = exchange;
        }
        updateGate();
    }

    /** Whether no request is in progress. */
    boolean isIdle() {
        return inProgress.isEmpty() && waiting == null;
    }

    /** The connection has ended: outcomes are discarded from now on. */
    void close() {
        closed = true;
        if (waiting != null) {
            waiting.context().releaseRecords();
            waiting = null;
        }
        for (Exchange exchange : inProgress) {
            discard(exchange);
        }
        inProgress.clear();
    }

    private boolean mayStart(Exchange exchange) {
        return inProgress.isEmpty() || (exchange.isOverlapping() && newest != null && newest.isOverlapping());
    }

    private void start(Exchange exchange) {
        inProgress.add(exchange);
        newest = exchange;
        starting = true;
        try {
            CompletionStage<? extends Message> stage = exchange.call();
            if (isAnswered(stage)) {
                completed(exchange, stage.toCompletableFuture().join(), null);
            } else {
                stage.whenComplete((response, failure) -> completed(exchange, response, failure));
            }
        } catch (RuntimeException | Error e) {
            completed(exchange, null, e);
        } finally {
            starting = false;
        }
    }

    /** Whether the response is there; false if that cannot be told without making something. */
    private static boolean isAnswered(CompletionStage<? extends Message> stage) {
        return stage.getClass() == CompletableFuture.class
                && stage.toCompletableFuture().isDone()
                && !stage.toCompletableFuture().isCompletedExceptionally();
    }

    /**
     * On any thread. While a request is being started its outcome is only noted, as the handler may be inside a strand. The same goes for
     * the outcome of another request on the same loop: that is brought to the loop's queue, so that replies are written and requests are started
     * outside of strands, unless the handler sees to that.
     */
    private void completed(Exchange exchange, @Nullable Message response, @Nullable Throwable failure) {
        exchange.context().releaseRecords();
        if (loop.inEventLoop() && starting) {
            finish(exchange, response, failure);
            return;
        }
        if (exchange.context().completesOutsideStrands() && loop.inEventLoop()) {
            settleNow(exchange, response, failure);
            return;
        }
        try {
            loop.execute(() -> settle(exchange, response, failure));
        } catch (RejectedExecutionException e) {
            LOG.debug("response comes after the end of the network: {}", exchange.context());
            if (response != null) {
                replies.discard(exchange, response);
            }
        }
    }

    private void settleNow(Exchange exchange, @Nullable Message response, @Nullable Throwable failure) {
        replies.gather();
        try {
            settle(exchange, response, failure);
        } catch (RuntimeException e) { // nobody looks at what becomes of the stage
            LOG.error("outcome cannot be handed over: {}", exchange.context(), e);
        } finally {
            replies.letGo();
        }
    }

    private void settle(Exchange exchange, @Nullable Message response, @Nullable Throwable failure) {
        finish(exchange, response, failure);
        handOver();
        updateGate();
    }

    private void finish(Exchange exchange, @Nullable Message response, @Nullable Throwable failure) {
        Throwable outcome =
                response == null && failure == null ? new NullPointerException("response is null") : failure;
        exchange.complete(response, outcome);
        if (closed) {
            discard(exchange);
        }
    }

    private void handOver() {
        Exchange oldest = inProgress.peek();
        while (oldest != null && oldest.isDone() && !closed) {
            inProgress.remove();
            replies.reply(oldest);
            if (waiting != null && !closed && mayStart(waiting)) {
                Exchange next = waiting;
                waiting = null;
                start(next);
            }
            oldest = inProgress.peek();
        }
    }

    private void updateGate() {
        boolean busy = waiting != null
                || (newest != null
                        && !inProgress.isEmpty()
                        && (!newest.isOverlapping() || inProgress.size() >= MAX_OVERLAPPING));
        if (busy) {
            gate.close(Reason.BUSY);
        } else {
            gate.open(Reason.BUSY);
        }
    }

    private void discard(Exchange exchange) {
        Message response = exchange.response();
        if (response != null) {
            replies.discard(exchange, response);
        }
    }
}
