package io.milena.server.partition.session;

import io.milena.log.PartitionLog;
import io.milena.protocol.message.FetchRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The partitions one client fetches, remembered from request to request. Fetches without a session have one, too, without an id: each of
 * them begins it anew, and only the partitions that it names again stay watched.
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

    /** Partitions that stay watched after a fetch without a session, as the next one probably names them again. */
    static final int MAX_KEPT_WITHOUT_ID = 100;

    private final int id;
    private final boolean usesTopicIds;
    private final ColdReads.Reader coldReads;
    private final Map<PartitionKey, SessionPartition> partitions = new LinkedHashMap<>();
    private final AtomicReference<@Nullable SessionPartition> dirty = new AtomicReference<>();
    private volatile @Nullable PendingFetch parked;

    private List<SessionPartition> ready = new ArrayList<>();
    private List<SessionPartition> spare = new ArrayList<>();
    /** Where to look first, as most clients want one partition again and again. */
    private @Nullable SessionPartition lastWanted;

    private int expectedEpoch;
    private int fetches;
    private int named;
    private boolean tellsAll = true;

    /** Names a partition in one session: by topic id or by topic name. */
    record PartitionKey(Object topic, int index) {
        boolean is(Object otherTopic, int otherIndex) {
            return index == otherIndex && topic.equals(otherTopic);
        }
    }

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

    /** A fetch without a session begins: nothing is remembered but the watches. */
    void beginAnew() {
        fetches++;
        named = 0;
    }

    /** The client named all that it wants in a fetch without a session: what else there was is dropped. */
    void dropUnnamed() {
        if (named == partitions.size()) {
            return;
        }
        partitions.values().removeIf(partition -> {
            if (partition.namedIn == fetches) {
                return false;
            }
            partition.forget();
            return true;
        });
    }

    /** The client wants a partition of the topic from there on; it becomes ready. */
    void want(Object topic, FetchRequest.Partition from) {
        SessionPartition partition = lastWanted;
        if (partition == null || partition.isForgotten() || !partition.key().is(topic, from.partition())) {
            partition = partitions.computeIfAbsent(
                    new PartitionKey(topic, from.partition()), key -> new SessionPartition(this, key));
            lastWanted = partition;
        }
        if (partition.namedIn != fetches) {
            partition.namedIn = fetches;
            partition.beginAnew();
            named++;
        }
        partition.wanted(from);
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
        lastWanted = null;
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
        boolean accepted = coldReads.read(new ColdRange(this, partition, log, partition.fetchOffset(), bytes));
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

    /** After a look that was not enough: the idle partitions leave, unless they are to be named anyway, the others keep their order. */
    void dropIdle() {
        if (tellsAll) {
            return;
        }
        List<SessionPartition> kept = spare;
        for (int i = 0; i < ready.size(); i++) {
            if (keepIfBusy(ready.get(i))) {
                kept.add(ready.get(i));
            }
        }
        replaceReady(kept);
    }

    /**
     * After a look that became a response: the idle partitions leave, and those that were served go behind those that were not. Without
     * a session all leave.
     */
    void rotate() {
        if (id == NO_ID) {
            endWithoutId();
            return;
        }
        List<SessionPartition> kept = spare;
        for (int i = 0; i < ready.size(); i++) {
            if (!ready.get(i).wasServed() && keepIfBusy(ready.get(i))) {
                kept.add(ready.get(i));
            }
        }
        for (int i = 0; i < ready.size(); i++) {
            if (ready.get(i).wasServed() && keepIfBusy(ready.get(i))) {
                kept.add(ready.get(i));
            }
        }
        replaceReady(kept);
    }

    /** After a fetch that failed: nothing of it stays if it has no session. */
    void dropIfWithoutId() {
        if (id == NO_ID) {
            close();
        }
    }

    private void endWithoutId() {
        if (partitions.size() > MAX_KEPT_WITHOUT_ID) {
            close();
            return;
        }
        for (int i = 0; i < ready.size(); i++) {
            ready.get(i).isReady = false;
        }
        ready.clear();
    }

    private boolean keepIfBusy(SessionPartition partition) {
        partition.isReady = partition.staysReady();
        if (!partition.isReady) {
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
        for (int i = 0; i < ready.size(); i++) {
            if (!ready.get(i).hasFailed()) {
                ready.get(i).ensureWatched();
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
