package io.milena.server.network;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.server.metrics.LoopRequests;
import io.milena.server.metrics.RequestStatistics;
import io.milena.server.request.RequestContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the requests that were answered, and writes them to the log where that is wanted: at level DEBUG all to {@code milena.request},
 * those with errors in the response to {@code milena.request.failed}; at level WARN those that took too long to
 * {@code milena.request.slow}. One for each broker, used by all event loops.
 */
public final class RequestLog {
    /** Slow requests are worth a line each, but not thousands a second when a disk stands still. */
    static final long SLOW_REPORTED_EVERY_MS = 100;

    private static final Logger ALL = LoggerFactory.getLogger("milena.request");
    private static final Logger FAILED = LoggerFactory.getLogger("milena.request.failed");
    private static final Logger SLOW = LoggerFactory.getLogger("milena.request.slow");

    private final RequestStatistics statistics;
    private final long slowMs;
    private final long slowNanos;
    private final AtomicLong slowReportedNanos = new AtomicLong();
    private final LongAdder slowUnreported = new LongAdder();

    /** @param slowMs a request is slow that takes longer, beyond the time for which the client lets it wait */
    public RequestLog(RequestStatistics statistics, long slowMs) {
        this.statistics = statistics;
        this.slowMs = slowMs;
        this.slowNanos = TimeUnit.MILLISECONDS.toNanos(slowMs);
    }

    RequestStatistics statistics() {
        return statistics;
    }

    /**
     * A response was handed to the channel, or thrown away because none was expected; on the event loop.
     *
     * @param loop what the loop counts
     * @param errors how many errors the response has
     * @param responseBytes its size
     * @param nowNanos the time, on the clock that the exchange's arrival was taken from
     */
    void answered(LoopRequests loop, Exchange exchange, int errors, int responseBytes, long nowNanos) {
        RequestContext context = exchange.context();
        long nanos = nowNanos - exchange.receivedNanos();
        loop.answered(context.apiKey(), exchange.responseVersion(), nanos, exchange.requestBytes(), responseBytes);
        if (nanos > slowNanos && nanos - TimeUnit.MILLISECONDS.toNanos(context.expectedWaitMs()) > slowNanos) {
            slow(exchange, nanos, responseBytes, nowNanos);
        }
        Logger log = errors == 0 ? ALL : FAILED;
        if (log.isDebugEnabled()) {
            log.debug(
                    "client={} clientId={} api={} version={} correlationId={} tookUs={} requestBytes={} responseBytes={} errors={}",
                    context.connection(),
                    context.clientId(),
                    context.apiKey(),
                    context.apiVersion(),
                    context.correlationId(),
                    TimeUnit.NANOSECONDS.toMicros(nanos),
                    exchange.requestBytes(),
                    responseBytes,
                    errorsOf(exchange.response()));
        }
    }

    private void slow(Exchange exchange, long nanos, int responseBytes, long nowNanos) {
        statistics.slow();
        long reportedNanos = slowReportedNanos.get();
        boolean isDue =
                reportedNanos == 0 || nowNanos - reportedNanos >= TimeUnit.MILLISECONDS.toNanos(SLOW_REPORTED_EVERY_MS);
        if (!isDue || !slowReportedNanos.compareAndSet(reportedNanos, nowNanos)) {
            slowUnreported.increment();
            return;
        }
        SLOW.warn(
                "slow request: client={} clientId={} api={} version={} correlationId={} tookMs={} limitMs={} waitAllowedMs={}"
                        + " requestBytes={} responseBytes={} errors={} othersUnreported={}",
                exchange.context().connection(),
                exchange.context().clientId(),
                exchange.context().apiKey(),
                exchange.context().apiVersion(),
                exchange.context().correlationId(),
                TimeUnit.NANOSECONDS.toMillis(nanos),
                slowMs,
                exchange.context().expectedWaitMs(),
                exchange.requestBytes(),
                responseBytes,
                errorsOf(exchange.response()),
                slowUnreported.sumThenReset());
    }

    private static Map<ErrorCode, Integer> errorsOf(@Nullable Message response) {
        Map<ErrorCode, Integer> errors = new EnumMap<>(ErrorCode.class);
        if (response != null) {
            response.forEachError(error -> errors.merge(error, 1, Integer::sum));
        }
        return errors;
    }
}
