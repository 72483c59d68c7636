package io.milena.log.recovery;

import io.milena.log.Damage;
import io.milena.log.batch.RecordBatch;
import io.milena.log.epoch.LeaderEpochs;
import io.milena.log.producer.CompletedTransaction;
import io.milena.log.producer.Producers;
import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.Segment;
import io.milena.log.segment.SegmentRepair;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a log remembers of its batches: the producers and the leader epochs, with their files. Each batch changes it once,
 * when it is appended or found again. Owned by the owner of the log; {@link #flush} by any thread.
 */
public final class LogMemory {
    private final Producers producers = new Producers();
    private final ProducerSnapshots snapshots;
    private final EpochCheckpoint checkpoint;
    private final LeaderEpochs epochs;
    private boolean epochsUnknown;
    private final Clock clock;
    private final long producerIdExpirationMs;

    /** What the files in a partition's folder say of leader epochs; producers follow with {@link #restore}. */
    public LogMemory(FolderContent folder, Clock clock, long producerIdExpirationMs, Damage.Listener damage)
            throws IOException {
        this.snapshots = new ProducerSnapshots(folder, damage);
        this.checkpoint = new EpochCheckpoint(folder, damage);
        Optional<LeaderEpochs> known = checkpoint.read();
        this.epochs = known.orElseGet(LeaderEpochs::new);
        this.epochsUnknown = known.isEmpty();
        this.clock = clock;
        this.producerIdExpirationMs = producerIdExpirationMs;
    }

    /** The producers. */
    public Producers producers() {
        return producers;
    }

    /** The leader epochs; to be changed here only. */
    public LeaderEpochs epochs() {
        return epochs;
    }

    /** Notes that an epoch begins at an offset. */
    public void assignEpoch(int epoch, long startOffset) {
        if (epoch >= 0 && epochs.assign(epoch, startOffset)) {
            checkpoint.changed(epochs);
        }
    }

    /** Notes a batch that is in the log, and gives the transaction it ended. */
    public Optional<CompletedTransaction> update(RecordBatch batch) {
        assignEpoch(batch);
        return producers.update(batch);
    }

    void replay(RecordBatch batch, List<AbortedTransaction> aborted) {
        Optional<CompletedTransaction> completed = update(batch);
        if (completed.isPresent() && completed.get().aborted()) {
            aborted.add(abortedBy(completed.get()));
        }
    }

    /** The entry of the transaction index for a transaction that was aborted. */
    public static AbortedTransaction abortedBy(CompletedTransaction completed) {
        return new AbortedTransaction(
                completed.producerId(), completed.firstOffset(), completed.lastOffset(), completed.lastStableOffset());
    }

    /** Makes the memory that of a log that ends at an offset: the newest snapshot, and the batches since. */
    public void restore(List<Segment> segments, long endOffset) throws IOException {
        long from = snapshots.load(producers, endOffset, clock.millis(), producerIdExpirationMs);
        for (Segment segment : segments) {
            if (epochsUnknown && segment.sizeInBytes() > 0) {
                SegmentRepair.scan(segment, segment.baseOffset(), this::assignEpoch);
            }
            if (segment.end().nextOffset() > from && segment.sizeInBytes() > 0) {
                SegmentRepair.scan(segment, Math.max(from, segment.baseOffset()), producers::update);
            }
        }
        epochsUnknown = false;
        cut(endOffset);
    }

    /** Makes sure that there is a snapshot where a segment begins, so that older segments may go. */
    void anchor(long baseOffset, boolean first) throws IOException {
        if (!snapshots.isAt(baseOffset) && (!first || producers.size() > 0)) {
            snapshots.write(snapshots.take(baseOffset, producers));
        }
    }

    private void assignEpoch(RecordBatch batch) {
        assignEpoch(batch.partitionLeaderEpoch(), batch.baseOffset());
    }

    /** Forgets epochs and snapshots that lie behind the new end of the log. Whether a snapshot was removed. */
    boolean cut(long endOffset) throws IOException {
        boolean removed = snapshots.cut(endOffset);
        if (epochs.truncateFromEnd(endOffset)) {
            checkpoint.changed(epochs);
        }
        return removed;
    }

    /** Forgets everything. */
    public void forget() throws IOException {
        producers.clear();
        snapshots.cut(-1);
        epochs.clear();
        checkpoint.changed(epochs);
    }

    /** Forgets the epochs and snapshots that nothing in the log refers to any more. */
    public void startsAt(long logStartOffset, long firstBaseOffset) throws IOException {
        startsAt(logStartOffset);
        snapshots.removeBefore(firstBaseOffset);
    }

    /** Forgets the epochs that nothing in the log refers to any more. */
    public void startsAt(long logStartOffset) {
        if (epochs.truncateFromStart(logStartOffset)) {
            checkpoint.changed(epochs);
        }
    }

    /** Forgets the snapshots at some offsets. Any thread. */
    public void forgetSnapshots(Collection<Long> offsets) throws IOException {
        snapshots.remove(offsets);
    }

    /** Whether there is a snapshot of the producers on disk, at any offset. */
    boolean isAnySnapshot() {
        return snapshots.isAny();
    }

    /** Takes a snapshot of the producers at the end of the log, to be given to {@link #flush}. */
    public ProducerSnapshots.Taken snapshot(long endOffset) {
        return snapshots.take(endOffset, producers);
    }

    /** Whether the producers at an offset are on disk already. */
    public boolean hasSnapshotAt(long endOffset) {
        return snapshots.isAt(endOffset);
    }

    /** Writes a snapshot, durably. */
    public void write(ProducerSnapshots.Taken taken) throws IOException {
        snapshots.write(taken);
    }

    /** Writes the leader epochs if they changed, durably. */
    public void flush() throws IOException {
        checkpoint.flush();
    }

    /** Lets nothing more be written. */
    public void close() {
        snapshots.close();
        checkpoint.close();
    }

    /** Forgets producers that were idle for too long. */
    public void expireProducers() {
        producers.expire(clock.millis(), producerIdExpirationMs);
    }
}
