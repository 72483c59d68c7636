package io.milena.server.partition;

import io.milena.log.AppendResult;
import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.PartitionLog;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.epoch.LeaderEpochs;
import io.milena.protocol.ErrorCode;
import io.milena.server.storage.DataFolder;
import io.milena.server.strand.Strand;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One partition on this broker: its log, the strand that owns it, and its role. What changes the log runs inside {@link #strand()};
 * the offsets published here and {@link #log()}'s read methods may be used by any thread. Invariant, checked at every change: {@code logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset}, and what was
 * published of a watermark never goes back while this broker leads. A reader that wants them in order reads them in this order.
 */
public final class Partition {
    private final PartitionIdentity identity;
    private final Strand strand;
    private final PartitionLog log;
    private final PartitionPlace place;
    private final FlushGate flushGate;
    private final WritePace pace;
    private final DiskRecovery recovery;
    private final Availability availability = new Availability();
    private final PartitionTraffic traffic;
    private final WatchList watches = new WatchList();
    private final TransactionGate transactionGate;
    private final PublishedOffsets offsets;
    private final PublishedEpochs leaderEpochs;
    private @Nullable Leader leader;
    private volatile PartitionSettings settings;

    /** A partition without a role, over an open log; the high watermark is as noted last, 0 if it is not known. */
    Partition(
            PartitionIdentity identity,
            PartitionLog log,
            PartitionSettings settings,
            long knownHighWatermark,
            Strand strand,
            PartitionContext context) {
        this.identity = identity;
        this.log = log;
        this.settings = settings;
        this.strand = strand;
        place = new PartitionPlace(context.disk());
        traffic = new PartitionTraffic(context.activity());
        pace = new WritePace(strand, context.timers(), context.background());
        flushGate = new FlushGate(log, strand, context, () -> publish(0), this::fail);
        recovery = new DiskRecovery(log, strand, context.on(place), availability, flushGate::recovered);
        offsets = new PublishedOffsets(log.logStartOffset(), knownHighWatermark, log.logEndOffset());
        leaderEpochs = new PublishedEpochs(log);
        transactionGate = new TransactionGate(log::producers, strand);
    }

    public UUID topicId() {
        return identity.topicId();
    }

    public String topic() {
        return identity.topic();
    }

    public int index() {
        return identity.index();
    }

    /** The owner of this partition: appends, acknowledgements, watches and whatever a coordinator keeps for it. */
    public Strand strand() {
        return strand;
    }

    /** The records. Everything that changes them is to be done inside the strand, and appends through {@link #append}. */
    public PartitionLog log() {
        return log;
    }

    /** Lets it go on with a copy of its log on another disk. */
    Relocation relocation() {
        return new Relocation(this, recovery, availability, place);
    }

    /** The data folder it lies in. */
    public DataFolder folder() {
        return place.folder();
    }

    /** Holds back batches of transactions that are not known to be open here. Inside the strand. */
    public TransactionGate transactionGate() {
        return transactionGate;
    }

    /** What went in and out. */
    public PartitionTraffic traffic() {
        return traffic;
    }

    public PartitionSettings settings() {
        return settings;
    }

    public Leadership leadership() {
        return availability.leadership();
    }

    /** The first offset a client may read. */
    public long logStartOffset() {
        return offsets.logStartOffset();
    }

    /** Below it no transaction is undecided; what read_committed consumers may read. */
    public long lastStableOffset() {
        return offsets.lastStableOffset();
    }

    /** Below it every in-sync replica has the records, on disk if {@code flush.messages} asks for it; what consumers may read. */
    public long highWatermark() {
        return offsets.highWatermark();
    }

    /** The offset the next record will get. */
    public long logEndOffset() {
        return offsets.logEndOffset();
    }

    /** Whether this broker no longer holds the partition; somebody who keeps it should look it up again. */
    public boolean isClosed() {
        return availability.isClosed();
    }

    /** Whether a client that believes in a leader epoch, negative if it does not say, is served: NONE, or the answer. Any thread. */
    public ErrorCode checkLeader(int currentLeaderEpoch) {
        return availability.check(currentLeaderEpoch);
    }

    /** Where a leader epoch ended, as {@link LeaderEpochs#endOffsetFor} says. Any thread. */
    public LeaderEpochs.EpochEnd endOfEpoch(int epoch) {
        return leaderEpochs.epochs().endOffsetFor(epoch, offsets.logEndOffset());
    }

    /** The leader epoch a record was appended in, -1 if it is not known. Any thread. */
    public int epochAt(long offset) {
        return leaderEpochs.epochs().epochAt(offset).orElse(LeaderEpochs.UNKNOWN);
    }

    /** Appends one batch as leader; its base offset and leader epoch are set in the buffer. Inside the strand. */
    public AppendResult append(ByteBuffer batch, AppendOrigin origin) {
        return append(batch, origin, 0);
    }

    /** The same for a marker that follows the rules of a transaction version, see KIP-890. */
    public AppendResult append(ByteBuffer batch, AppendOrigin origin, int transactionVersion) {
        Leader leading = leading();
        availability.checkAppend();
        AppendResult result;
        long beganMs = pace.nowMs();
        try {
            result = log.append(batch, leading.leaderEpoch(), origin, transactionVersion);
        } catch (LogException e) {
            fail(e);
            throw e;
        } finally {
            pace.wrote(beganMs);
        }
        if (!result.duplicate()) {
            traffic.appended(result);
            flushGate.appended(result.firstOffset());
            publish(result.sizeInBytes());
        }
        return result;
    }

    /** Whether too few replicas are in sync for {@code acks=all}. Inside the strand. */
    public boolean isBelowMinInSyncReplicas() {
        return leading().isBelowMinimum(settings.minInSyncReplicas());
    }

    /** Tells the waiter when everything below {@code offset} is committed, perhaps now, or never will be. All inside the strand. */
    public void awaitCommit(long offset, Acknowledgement acknowledgement) {
        strand.assertInside();
        Leader leading = leader;
        if (leading == null) {
            acknowledgement.abandoned(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        } else if (offset <= offsets.highWatermark()) {
            acknowledgement.committed();
        } else {
            leading.pendingAcks().add(offset, acknowledgement);
        }
    }

    /** The same for everything below {@code offset} to be as durable here as {@code flush.messages} asks. */
    public void awaitFlush(long offset, Acknowledgement acknowledgement) {
        strand.assertInside();
        flushGate.await(offset, acknowledgement);
    }

    /** Notes how far a follower has copied the log. Inside the strand. */
    public void replicaCopied(int replica, long replicaLogEnd) {
        leading().inSyncReplicas().copied(replica, replicaLogEnd);
        publish(0);
    }

    /** Makes everything below an offset unreadable, if it may, and gives the new log start. Inside the strand. */
    public long deleteBefore(long offset) {
        leading();
        availability.checkDeletion();
        settings.checkDeletion();
        offsets.checkDeletion(offset);
        changeLog(() -> log.deleteBefore(offset));
        return offsets.logStartOffset();
    }

    /** Deletes what is older or larger than the topic's settings allow. Inside the strand. */
    void applyRetention() {
        strand.assertInside();
        if (availability.allowsDeletion()) {
            changeLog(() -> log.applyRetention(offsets.highWatermark()));
        }
    }

    /** Adds a watch and then lets it look for what moved before. Any thread. */
    public void watch(PartitionWatch watch) {
        strand.execute(() -> {
            watches.add(watch);
            watch.listed(this);
        });
    }

    /** Takes a watch away; calls that are under way may still come. Any thread. */
    public void unwatch(PartitionWatch watch) {
        strand.execute(() -> watches.remove(watch));
    }

    /** Whether anybody watches it. Inside the strand. */
    boolean isWatched() {
        strand.assertInside();
        return !watches.isEmpty();
    }

    /** Takes the role the cluster gives. Inside the strand. */
    void lead(Leadership next, List<Integer> isr, int replicaCount) {
        strand.assertInside();
        Leader leading = leader;
        InSyncReplicas inSync = new InSyncReplicas(next.leaderId(), isr);
        if (leading != null && leading.leaderEpoch() == next.leaderEpoch()) {
            leading.replicas(inSync, replicaCount);
        } else {
            resign();
            log.assignEpoch(next.leaderEpoch());
            leaderEpochs.publish();
            leader = new Leader(next.leaderEpoch(), inSync, replicaCount);
            availability.leadership(next);
        }
        publish(0);
        watches.changed(this);
    }

    /** The log lies on another disk, all of it durable, or takes no records any more. Inside the strand. */
    void relocated() {
        if (availability.isOpen()) {
            log.assignEpoch(leading().leaderEpoch());
            leaderEpochs.publish();
        } else {
            abandonWaiting(leader, ErrorCode.KAFKA_STORAGE_ERROR);
        }
    }

    /** Somebody else leads. Inside the strand. */
    void follow(Leadership next) {
        strand.assertInside();
        resign();
        availability.leadership(next);
        watches.changed(this);
    }

    void settings(PartitionSettings next) {
        strand.assertInside();
        settings = next;
        changeLog(() -> log.settings(next.log()));
        flushGate.settingsChanged();
    }

    /** Ends service; what waits is told, then the log is closed or deleted. Inside the strand. */
    void close(Consumer<PartitionLog> end) {
        strand.assertInside();
        if (availability.isClosed()) {
            return;
        }
        Consumer<PartitionLog> ending = availability.isOffline() ? PartitionLog::abandon : end;
        availability.close();
        flushGate.close();
        recovery.end();
        resign();
        watches.changed(this);
        ending.accept(log);
    }

    /** Its data folder failed: ends service and lets the files go. Inside the strand. */
    void goOffline() {
        strand.assertInside();
        if (availability.isClosed() || availability.isOffline()) {
            return;
        }
        availability.offline();
        recovery.end();
        flushGate.close();
        abandonWaiting(leader, ErrorCode.KAFKA_STORAGE_ERROR);
        watches.changed(this);
        log.abandon();
    }

    boolean isOffline() {
        return availability.isOffline();
    }

    private Leader leading() {
        strand.assertInside();
        ErrorCode error = checkLeader(-1);
        Leader leading = leader;
        if (error != ErrorCode.NONE || leading == null) {
            throw new PartitionException(
                    error == ErrorCode.NONE ? ErrorCode.NOT_LEADER_OR_FOLLOWER : error, "not the leader of " + this);
        }
        return leading;
    }

    private void resign() {
        Leader leading = leader;
        leader = null;
        abandonWaiting(leading, ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    private void abandonWaiting(@Nullable Leader leading, ErrorCode error) {
        if (leading != null) {
            leading.pendingAcks().abandon(error);
        }
        flushGate.abandon(error);
    }

    private void changeLog(Runnable change) {
        try {
            change.run();
        } catch (LogException e) {
            fail(e);
            throw e;
        } finally {
            publish(0);
        }
    }

    /** Publishes where the log is now and tells who waits. {@code appended} bytes were added to it just before. */
    private void publish(long appended) {
        Leader leading = leader;
        long start = log.logStartOffset();
        long end = log.logEndOffset();
        long known = Math.max(offsets.highWatermark(), start);
        long committed = leading == null ? known : leading.inSyncReplicas().highWatermark(flushGate.limit(), known);
        long stable = log.lastStableOffset(committed);

        boolean wasAllReadable = offsets.lastStableOffset() == offsets.logEndOffset();
        boolean advanced = offsets.advances(stable, committed, end);
        boolean startMoved = start != offsets.logStartOffset();
        try {
            offsets.publish(start, stable, committed, end);
        } catch (IllegalStateException e) {
            fail(e);
            throw e;
        }
        if (leading != null) {
            leading.pendingAcks().complete(committed);
        }
        if (advanced) {
            watches.advanced(this, wasAllReadable && stable == end && appended > 0 ? appended : Long.MAX_VALUE);
        }
        if (startMoved) {
            leaderEpochs.publish();
            watches.changed(this);
        }
    }

    private void fail(RuntimeException cause) {
        boolean isOfDisk = !(cause instanceof LogException failure) || failure.error() == LogError.STORAGE_ERROR;
        if (isOfDisk && recovery.failed(this, cause)) {
            abandonWaiting(leader, ErrorCode.KAFKA_STORAGE_ERROR);
            watches.changed(this);
        }
    }

    @Override
    public String toString() {
        return identity.toString();
    }
}
