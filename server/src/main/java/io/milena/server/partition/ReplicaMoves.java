package io.milena.server.partition;

import io.milena.log.FutureFolder;
import io.milena.protocol.ErrorCode;
import io.milena.server.storage.DataFolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves partitions between the data folders of this broker (KIP-113), a few at a time. What was not complete when the broker stopped is
 * begun anew. Any thread.
 */
public final class ReplicaMoves implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaMoves.class);

    private final PartitionLookup partitions;
    private final PartitionStore store;
    private final Executor background;
    private final int atATime;
    private final Map<String, ReplicaMove> moves = new LinkedHashMap<>();
    private final List<ReplicaMove> waiting = new ArrayList<>();
    private final Map<ReplicaMove, CompletableFuture<Void>> running = new LinkedHashMap<>();
    private boolean closed;

    /**
     * A copy that is to take the place of a partition's log.
     *
     * @param partition whose
     * @param folder where it lies
     * @param sizeInBytes what it has so far
     * @param lag how many offsets are missing
     */
    public record Future(Partition partition, DataFolder folder, long sizeInBytes, long lag) {}

    ReplicaMoves(PartitionLookup partitions, PartitionStore store, Executor background, int atATime) {
        this.partitions = partitions;
        this.store = store;
        this.background = background;
        this.atATime = atATime;
    }

    /**
     * Moves one partition for each folder at a time, and begins anew what was under way when the broker stopped; once the partitions are
     * open.
     *
     * @param partitions what is here
     * @param store knows the folders
     * @param background may block on the disks
     */
    public static ReplicaMoves resumed(PartitionLookup partitions, PartitionStore store, Executor background) {
        ReplicaMoves moves =
                new ReplicaMoves(partitions, store, background, store.folders().size());
        moves.resume();
        return moves;
    }

    /** The folders between which they move. */
    public List<DataFolder> folders() {
        return store.folders();
    }

    /**
     * Begins to move a partition to a folder, or ends the move of one that lies there. One that is not here will be made there, if it is
     * made before the broker stops.
     *
     * @return NONE, or why it is not moved
     */
    public synchronized ErrorCode move(String topic, int index, DataFolder to) {
        String name = topic + "-" + index;
        if (!FutureFolder.canBeNamed(name)) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        if (!to.isOnline()) {
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        Partition partition = partitions.find(topic, index);
        if (partition == null) {
            ErrorCode error = partitions.whyMissing(topic, index);
            if (error != ErrorCode.KAFKA_STORAGE_ERROR) {
                store.prefer(name, to);
            }
            return error == ErrorCode.NOT_LEADER_OR_FOLLOWER ? ErrorCode.REPLICA_NOT_AVAILABLE : error;
        }
        if (!partition.folder().isOnline() || !partition.relocation().isPossible()) {
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        ReplicaMove known = moves.get(name);
        if (known != null && known.partition() == partition && known.to() == to) {
            return ErrorCode.NONE;
        }
        if (known != null) {
            known.end(ReplicaMove.Wanted.CANCELLED);
            moves.remove(name);
        }
        FolderContents place = store.place(to);
        // One that is being cancelled may still come to its end, and then the partition has to come back.
        if (place != null && (known != null || partition.folder() != to)) {
            ReplicaMove move = new ReplicaMove(partition, place, store, background);
            moves.put(name, move);
            waiting.add(move);
            beginNext();
        }
        return ErrorCode.NONE;
    }

    /** The copies that are being made or wait for it. */
    public synchronized List<Future> futures() {
        List<Future> futures = new ArrayList<>(moves.size());
        for (ReplicaMove move : moves.values()) {
            futures.add(new Future(move.partition(), move.to(), move.sizeInBytes(), move.lag()));
        }
        return futures;
    }

    /** Begins anew what was under way when the broker stopped. */
    void resume() {
        for (PartitionStore.UnfinishedMove unfinished : store.unfinishedMoves()) {
            FutureFolder copy = unfinished.copy();
            int dash = copy.partition().lastIndexOf('-');
            String topic = copy.partition().substring(0, dash);
            int index = Integer.parseInt(copy.partition().substring(dash + 1));
            Partition partition = partitions.find(topic, index);
            DataFolder to = unfinished.place().folder();
            if (partition == null && partitions.whyMissing(topic, index) == ErrorCode.KAFKA_STORAGE_ERROR) {
                LOG.warn("unfinished copy of a partition that cannot be used: folder={}", copy.path());
                continue;
            }
            background.execute(copy::remove);
            if (partition != null && partition.folder() != to) {
                LOG.info("beginning anew to move: partition={} to={}", partition, to);
                move(topic, index, to);
            }
        }
    }

    private void beginNext() {
        for (ReplicaMove next : List.copyOf(waiting)) {
            if (closed || running.size() >= atATime) {
                return;
            }
            if (!isWanted(next)) {
                waiting.remove(next);
            } else if (running.keySet().stream().noneMatch(move -> move.partition() == next.partition())) {
                waiting.remove(next);
                running.put(next, next.begin().thenRunAsync(() -> ended(next), background));
            }
        }
    }

    /** Whether it was not cancelled before it began. */
    private boolean isWanted(ReplicaMove move) {
        return moves.get(move.partition().toString()) == move;
    }

    private synchronized void ended(ReplicaMove move) {
        running.remove(move);
        moves.remove(move.partition().toString(), move);
        beginNext();
    }

    /** Ends what is under way; what was copied is left to the next start. Waits for what a disk does at this moment. */
    @Override
    public void close() {
        List<CompletableFuture<Void>> ends;
        synchronized (this) {
            closed = true;
            moves.values().forEach(move -> move.end(ReplicaMove.Wanted.STOPPED));
            ends = List.copyOf(running.values());
        }
        CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0])).join();
    }
}
