package io.milena.server.partition.session;

import io.milena.protocol.message.FetchRequest;
import io.milena.server.partition.Partition;
import io.milena.server.partition.session.FetchSession.PartitionKey;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fetch session: what the client asked for, what it was told last, and the watch on the partition. Owned by the
 * connection's event loop, but for the dirty mark, which is shared with strands.
 */
final class SessionPartition {
    private static final long NOT_REPORTED = -1;
    private static final long NOT_READY = -1;

    private final FetchSession session;
    private final PartitionKey key;
    private final AtomicBoolean dirty = new AtomicBoolean();

    /** The next older one of the session's dirty partitions; belongs to whoever set the mark until the session takes it. */
    @Nullable
    SessionPartition nextDirty;

    /** Whether the session has it in its list of ready ones. */
    boolean isReady;

    /** In which of the session's fetches the client named it last. */
    int namedIn;

    private long fetchOffset;
    private int maxBytes;
    private int currentLeaderEpoch = -1;
    private int lastFetchedEpoch = -1;
    private @Nullable Partition partition;
    private @Nullable SessionWatch watch;
    private boolean lost;
    private volatile boolean forgotten;
    private volatile boolean isBeingRead;
    private volatile long readyOffset = NOT_READY;
    private Outcome outcome = Outcome.IDLE;
    private long seenStableOffset;
    private long seenHighWatermark;
    private long seenLogEndOffset;
    private long reportedHighWatermark = NOT_REPORTED;
    private long reportedLogStartOffset = NOT_REPORTED;

    /** What the last look found. */
    enum Outcome {
        /** Nothing to read; a watch tells when that changes. */
        IDLE,
        /** There is something to read or to tell, which may not fit in this response or not be worth one. */
        WAITING,
        /** Records were taken. */
        SERVED,
        /** The client must be told of an error. */
        FAILED
    }

    SessionPartition(FetchSession session, PartitionKey key) {
        this.session = session;
        this.key = key;
    }

    PartitionKey key() {
        return key;
    }

    /** From where the client wants it. */
    void wanted(FetchRequest.Partition from) {
        fetchOffset = from.fetchOffset();
        maxBytes = from.partitionMaxBytes();
        currentLeaderEpoch = from.currentLeaderEpoch();
        lastFetchedEpoch = from.lastFetchedEpoch();
    }

    /** The first offset the client wants. */
    long fetchOffset() {
        return fetchOffset;
    }

    /** The most bytes of this partition, unless its first batch is larger. */
    int maxBytes() {
        return maxBytes;
    }

    /** The epoch the client believes in, -1 if it does not say. */
    int currentLeaderEpoch() {
        return currentLeaderEpoch;
    }

    /** The epoch of the last record the client has, -1 if it does not say. */
    int lastFetchedEpoch() {
        return lastFetchedEpoch;
    }

    /** The partition found for it, null if there is none or it was closed. */
    @Nullable
    Partition partition() {
        Partition known = partition;
        if (known != null && known.isClosed()) {
            unwatch();
            partition = null;
            lost = true;
            return null;
        }
        return known;
    }

    /** Whether the partition found for it was closed since this was asked last. */
    boolean takeLost() {
        boolean was = lost;
        lost = false;
        return was;
    }

    void partition(Partition found) {
        partition = found;
    }

    void outcome(Outcome found) {
        outcome = found;
    }

    boolean staysReady() {
        return outcome != Outcome.IDLE && !forgotten;
    }

    boolean wasServed() {
        return outcome == Outcome.SERVED;
    }

    boolean hasFailed() {
        return outcome == Outcome.FAILED;
    }

    boolean isNewToClient(long highWatermark, long logStartOffset) {
        return highWatermark != reportedHighWatermark || logStartOffset != reportedLogStartOffset;
    }

    /** Remembers what the client is told now. */
    void reported(long highWatermark, long logStartOffset) {
        reportedHighWatermark = highWatermark;
        reportedLogStartOffset = logStartOffset;
    }

    /** After an error the client is told everything anew. */
    void reportedError() {
        reported(NOT_REPORTED, NOT_REPORTED);
    }

    /** Forgets what earlier fetches found, as if this one were the first; watched or not, that stays. */
    void beginAnew() {
        lost = false;
        reportedError();
    }

    /** Remembers the offsets the look was based on. */
    void saw(long stableOffset, long highWatermark, long logEndOffset) {
        seenStableOffset = stableOffset;
        seenHighWatermark = highWatermark;
        seenLogEndOffset = logEndOffset;
    }

    /** Has the strand mark it from now on, and also if something moved since the last look. */
    void ensureWatched() {
        Partition known = partition;
        if (watch == null && known != null && !forgotten) {
            watch = new SessionWatch(session, this, seenStableOffset, seenHighWatermark, seenLogEndOffset);
            known.watch(watch);
        }
    }

    /** Whether no read ahead is under way for it; then one is from now on. */
    boolean beginRead() {
        if (isBeingRead) {
            return false;
        }
        isBeingRead = true;
        return true;
    }

    /** The read that was begun has ended, or cannot take place. */
    void endRead() {
        isBeingRead = false;
    }

    /** A background thread: what lies at that offset was just read, or cannot be. */
    void broughtIn(long offset) {
        readyOffset = offset;
    }

    /** Whether what the client wants was just read for it, so that a guess about the memory does not matter. */
    boolean takeBroughtIn() {
        boolean is = readyOffset == fetchOffset;
        readyOffset = NOT_READY;
        return is;
    }

    void forget() {
        forgotten = true;
        unwatch();
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Any strand: false if it was marked before. */
    boolean setDirty() {
        return !dirty.get() && dirty.compareAndSet(false, true);
    }

    void clearDirty() {
        dirty.set(false);
    }

    private void unwatch() {
        SessionWatch known = watch;
        Partition watched = partition;
        watch = null;
        if (known != null && watched != null) {
            watched.unwatch(known);
        }
    }
}
