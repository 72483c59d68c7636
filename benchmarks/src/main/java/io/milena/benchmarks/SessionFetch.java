package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The requests of a fetch session, without garbage: one frame in which the epoch and the offset of its one partition move on. */
final class SessionFetch {
    private static final int EPOCH_MARK = 0x71A2_B3C4;
    private static final long OFFSET_MARK = 0x71A2_B3C4_D5E6_F708L;

    private final ByteBuffer request;
    private final int epochAt;
    private final int offsetAt;
    private int epoch;

    private SessionFetch(ByteBuffer request) {
        this.request = request;
        this.epochAt = Wire.find(request, EPOCH_MARK);
        this.offsetAt = findOffset();
    }

    /** Begins a session with the partitions of a fetch; the requests that follow name them again if they {@code repeat} them. */
    static SessionFetch begin(Wire wire, int version, FetchRequest fetch, boolean repeat) throws IOException {
        int maxWaitMs = fetch.maxWaitMs();
        FetchRequest first = fetch.maxWaitMs(0).sessionId(0).sessionEpoch(0);
        FetchResponse begun = (FetchResponse) wire.call(ApiKey.FETCH, version, first);
        fetch.maxWaitMs(maxWaitMs).sessionId(begun.sessionId()).sessionEpoch(EPOCH_MARK);
        if (repeat) {
            fetch.topics().get(0).partitions().get(0).fetchOffset(OFFSET_MARK);
        } else {
            fetch.topics(List.of());
        }
        return new SessionFetch(Wire.request(ApiKey.FETCH, version, fetch));
    }

    /** The next request of the session, whose partition, if it names one, is wanted from an offset on. */
    ByteBuffer next(long offset) {
        epoch++;
        request.putInt(epochAt, epoch);
        if (offsetAt >= 0) {
            request.putLong(offsetAt, offset);
        }
        return request;
    }

    private int findOffset() {
        for (int at = 0; at + Long.BYTES <= request.limit(); at++) {
            if (request.getLong(at) == OFFSET_MARK) {
                return at;
            }
        }
        return -1;
    }
}
