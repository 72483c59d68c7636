package io.milena.server.partition.session;

import io.milena.log.PartitionLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The partitions one client fetches, remembered from request to request. A fetch without a session is a session of one request.
 *
 * <p>A partition is <em>ready</em> while there may be something to send: when the client just named it, while it has unread records or
 * an error, and when its strand marked it dirty. All others are watched and cost nothing. Ready partitions are looked at in order,
 * and those that were served go to the end, so that none starves.
 *
 * <p>Owned by the connection's event loop. Strands call {@link #markDirty} and {@link #parked()} only. A wake-up is never lost: a strand
 * marks and then looks for a parked fetch; a fetch parks and then looks for marks.
 */
final class FetchSession {
    /** The id of a fetch that has no session. */
    static final int NO_ID = 0;

    private final int id;
    private final boolean usesTopicIds;
    private final ColdReads.Reader coldReads;
    private final Map<PartitionKey, SessionPartition> partitions = new LinkedHashMap<>();
    private final AtomicReference<@Nullable SessionPartition> dirty = new AtomicReference<>();
    private volatile @Nullable PendingFetch parked;

    private List<SessionPartition> ready = new ArrayList<>();
    private List<SessionPartition> spare = new ArrayList<>();
    private int expectedEpoch;
    private boolean tellsAll = true;

    /** Names a partition in one session: by topic id or by topic name. */
    record PartitionKey(Object topic, int index) {}

    FetchSession(int id, boolean usesTopicIds, ColdReads.Reader coldReads) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        this.coldReads = coldReads;
        this.expectedEpoch = SessionEpoch.next(SessionEpoch.INITIAL);
    }

    int id() {
        return id;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    int expectedEpoch() {
        return expectedEpoch;
    }

    void advanceEpoch() {
        expectedEpoch = SessionEpoch.next(expectedEpoch);
    }

    int size() {
        return partitions.size();
    }

    /** Whether the next response names every partition, changed or not. */
    boolean tellsAll() {
        return tellsAll;
    }

    void toldAll() {
        tellsAll = id == NO_ID;
    }

    /** The client wants the partition from there on; it becomes ready. */
    void want(PartitionKey key, FetchPosition position) {
        SessionPartition partition = partitions.get(key);
        if (partition == null) {
            partition = new SessionPartition(this, key);
            partitions.put(key, partition);
        }
        partition.position(position);
        addReady(partition);
    }

    /** The client no longer wants the partition. */
    void forget(PartitionKey key) {
        SessionPartition partition = partitions.remove(key);
        if (partition != null) {
            partition.forget();
        }
    }

    /** Gives up all watches. */
    void close() {
        for (SessionPartition partition : partitions.values()) {
            partition.forget();
        }
        partitions.clear();
        ready.clear();
    }

    /** Any strand: there is something new in the partition. */
    void markDirty(SessionPartition partition) {
        if (!partition.setDirty()) {
            return;
        }
        SessionPartition head;
        do {
            head = dirty.get();
            partition.nextDirty = head;
        } while (!dirty.compareAndSet(head, partition));
    }

    /** Any thread: whatever moved in the partition, its fetch must look at it. */
    void lookAgain(SessionPartition partition) {
        markDirty(partition);
        PendingFetch waiting = parked;
        if (waiting != null) {
            waiting.wake();
        }
    }

    /** Has records of the partition read from the disk, after which it is looked at again; false if too many reads wait. */
    boolean bringIn(SessionPartition partition, PartitionLog log, int bytes) {
        if (!partition.beginRead()) {
            return true;
        }
        boolean accepted = coldReads.read(
                new ColdRange(this, partition, log, partition.position().fetchOffset(), bytes));
        if (!accepted) {
            partition.endRead();
        }
        return accepted;
    }

    boolean hasDirty() {
        return dirty.get() != null;
    }

    /** Any strand: the fetch that waits, if one does. */
    @Nullable
    PendingFetch parked() {
        return parked;
    }

    void parked(@Nullable PendingFetch fetch) {
        parked = fetch;
    }

    /** The partitions to look at, in order; those marked dirty since the last call come last, in the order of their marks. */
    List<SessionPartition> ready() {
        SessionPartition marked = reversed(dirty.getAndSet(null));
        while (marked != null) {
            SessionPartition next = marked.nextDirty;
            marked.nextDirty = null;
            marked.clearDirty(); // before anybody looks at the partition: what moves later marks it again
            addReady(marked);
            marked = next;
        }
        return ready;
    }

    /** Makes all partitions ready, for a response that names all of them. */
    void makeAllReady() {
        for (SessionPartition partition : partitions.values()) {
            addReady(partition);
        }
    }

    /** After a look that was not enough: the idle partitions leave, the others keep their order. */
    void dropIdle() {
        List<SessionPartition> kept = spare;
        for (SessionPartition partition : ready) {
            if (keepIfBusy(partition)) {
                kept.add(partition);
            }
        }
        replaceReady(kept);
    }

    /** After a look that became a response: the idle partitions leave, and those that were served go behind those that were not. */
    void rotate() {
        List<SessionPartition> kept = spare;
        for (SessionPartition partition : ready) {
            if (!partition.wasServed() && keepIfBusy(partition)) {
                kept.add(partition);
            }
        }
        for (SessionPartition partition : ready) {
            if (partition.wasServed() && keepIfBusy(partition)) {
                kept.add(partition);
            }
        }
        replaceReady(kept);
    }

    private boolean keepIfBusy(SessionPartition partition) {
        partition.isReady = partition.staysReady();
        if (!partition.isReady && id != NO_ID) {
            partition.ensureWatched();
        }
        return partition.isReady;
    }

    private void replaceReady(List<SessionPartition> kept) {
        ready.clear();
        spare = ready;
        ready = kept;
    }

    /** Before a fetch is parked: everything that may get more to read is to wake it. */
    void watchForMore() {
        for (SessionPartition partition : id == NO_ID ? partitions.values() : ready) {
            if (!partition.hasFailed()) {
                partition.ensureWatched();
            }
        }
    }

    private void addReady(SessionPartition partition) {
        if (!partition.isReady && !partition.isForgotten()) {
            partition.isReady = true;
            ready.add(partition);
        }
    }

    private static @Nullable SessionPartition reversed(@Nullable SessionPartition newest) {
        SessionPartition oldest = null;
        SessionPartition from = newest;
        while (from != null) {
            SessionPartition next = from.nextDirty;
            from.nextDirty = oldest;
            oldest = from;
            from = next;
        }
        return oldest;
    }
}
