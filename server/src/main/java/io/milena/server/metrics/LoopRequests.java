package io.milena.server.metrics;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests that one event loop answered. Written by that loop alone, without locks and without garbage; read by any thread. What
 * appears for the first time is announced to {@link RequestStatistics}, so that it gets its meters.
 */
@SuppressWarnings("EnumOrdinal") // an array for each enum, found without a hash, that lives as long as the process
public final class LoopRequests {
    private final RequestStatistics statistics;
    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable RequestCounts>> byApi =
            new AtomicReferenceArray<>(ApiKey.values().length);
    private final AtomicReferenceArray<@Nullable AtomicLongArray> errors =
            new AtomicReferenceArray<>(ApiKey.values().length);
    private final Consumer<ErrorCode> counting = this::failed;
    private ApiKey failing = ApiKey.PRODUCE;
    private int errorsOfResponse;

    LoopRequests(RequestStatistics statistics) {
        this.statistics = statistics;
    }

    /** Counts a request. */
    public void answered(ApiKey api, int version, long nanos, long requestBytes, long responseBytes) {
        counts(api, version).answered(nanos, requestBytes, responseBytes);
    }

    /** Counts the errors of a response; returns how many there are. */
    public int errors(ApiKey api, Message response) {
        failing = api;
        errorsOfResponse = 0;
        response.forEachError(counting);
        return errorsOfResponse;
    }

    @Nullable
    RequestCounts find(ApiKey api, int version) {
        AtomicReferenceArray<@Nullable RequestCounts> versions = byApi.getAcquire(api.ordinal());
        return versions == null || version >= versions.length() ? null : versions.getAcquire(version);
    }

    long errors(ApiKey api, ErrorCode error) {
        AtomicLongArray counts = errors.getAcquire(api.ordinal());
        return counts == null ? 0 : counts.getOpaque(error.ordinal());
    }

    private RequestCounts counts(ApiKey api, int version) {
        AtomicReferenceArray<@Nullable RequestCounts> versions = byApi.getPlain(api.ordinal());
        RequestCounts counts = versions == null ? null : versions.getPlain(version);
        return counts == null ? firstOf(api, version) : counts;
    }

    private RequestCounts firstOf(ApiKey api, int version) {
        AtomicReferenceArray<@Nullable RequestCounts> versions = byApi.getPlain(api.ordinal());
        if (versions == null) {
            versions = new AtomicReferenceArray<>(api.versions().highest() + 1);
            byApi.setRelease(api.ordinal(), versions);
        }
        RequestCounts counts = new RequestCounts();
        versions.setRelease(version, counts);
        statistics.appeared(api, version);
        return counts;
    }

    private void failed(ErrorCode error) {
        errorsOfResponse++;
        AtomicLongArray counts = errors.getPlain(failing.ordinal());
        if (counts == null) {
            counts = new AtomicLongArray(ErrorCode.values().length);
            errors.setRelease(failing.ordinal(), counts);
        }
        long before = counts.getPlain(error.ordinal());
        counts.setOpaque(error.ordinal(), before + 1);
        if (before == 0) {
            statistics.appeared(failing, error);
        }
    }
}
