package io.milena.server.partition;

import io.milena.log.AppendResult;
import io.milena.server.metrics.LogActivity;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What went into a partition and out of it since it was opened. Appends are counted inside its strand, the rest by any thread; read by any. */
public final class PartitionTraffic {
    private static final int RECORDS = 0;
    private static final int APPENDED_BYTES = 1;
    private static final int APPENDED_NUMBERS = 2;

    private final LogActivity activity;
    private final AtomicLongArray appended = new AtomicLongArray(APPENDED_NUMBERS);
    private final LongAdder fetchedBytes = new LongAdder();

    /** @param activity of all logs together */
    PartitionTraffic(LogActivity activity) {
        this.activity = activity;
    }

    void appended(AppendResult result) {
        activity.appended();
        add(RECORDS, result.lastOffset() - result.firstOffset() + 1);
        add(APPENDED_BYTES, result.sizeInBytes());
    }

    /** Bytes are on their way to a reader. */
    public void fetched(long bytes) {
        fetchedBytes.add(bytes);
    }

    /** Records appended. */
    public long records() {
        return appended.getOpaque(RECORDS);
    }

    public long appendedBytes() {
        return appended.getOpaque(APPENDED_BYTES);
    }

    public long fetchedBytes() {
        return fetchedBytes.sum();
    }

    /** The strand is the only writer: nothing needs to be atomic. */
    private void add(int number, long count) {
        appended.setOpaque(number, appended.getPlain(number) + count);
    }
}
