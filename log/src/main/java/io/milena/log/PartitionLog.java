package io.milena.log;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.clean.CleanerSettings;
import io.milena.log.clean.Compaction;
import io.milena.log.clean.Dirt;
import io.milena.log.epoch.LeaderEpochs;
import io.milena.log.producer.Producers;
import io.milena.log.segment.AbortedTransaction;
import io.milena.log.segment.TimestampedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One partition's log: record batches in offset order, in segments. Everything that changes it is called by one thread at
 * a time, the owner; {@code read}, the timestamp and transaction queries and the offsets are for any thread at any time.
 * What readers see is always whole batches.
 *
 * <p>The first failed write ends all changes ({@link LogError#STORAGE_ERROR}). What was published before stays readable;
 * half a batch that may have reached the file lies behind the published end. {@link #recoverFromFailure} cuts it off and
 * lets changes happen again, and so does opening the log again.
 */
public final class PartitionLog implements AutoCloseable {
    private volatile LogParts parts;
    private volatile LogSettings settings;

    private PartitionLog(LogParts parts, LogSettings settings) {
        this.parts = parts;
        this.settings = settings;
    }

    /**
     * Opens the log in a folder, which is created if absent. After an unclean stop this checks the end of the log.
     *
     * @throws LogException {@link LogError#STORAGE_ERROR} if the disk fails
     */
    public static PartitionLog open(Path directory, LogSettings settings, LogContext context) {
        try {
            return new PartitionLog(LogParts.open(directory, settings, context), settings);
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot open " + directory, e);
        }
    }

    /** The folder it lies in. */
    public Path directory() {
        return parts.directory;
    }

    /**
     * Appends one batch: validates it, checks its producer, gives it the next offsets in place, writes and indexes it.
     *
     * @param records the batch, from position to limit; its bytes may be changed
     * @param leaderEpoch epoch of this leader
     * @param origin {@link AppendOrigin#CLIENT} or {@link AppendOrigin#COORDINATOR}
     * @throws LogException with the client's mistake, or {@link LogError#STORAGE_ERROR}
     */
    public AppendResult append(ByteBuffer records, int leaderEpoch, AppendOrigin origin) {
        return append(records, leaderEpoch, origin, 0);
    }

    /** The same for a marker that follows the rules of a transaction version, see KIP-890. */
    public AppendResult append(ByteBuffer records, int leaderEpoch, AppendOrigin origin, int transactionVersion) {
        return parts.appender.append(records, leaderEpoch, origin, transactionVersion, settings);
    }

    /**
     * Appends batches copied from the partition's leader, with the offsets and epochs they have.
     *
     * @param records one or more whole batches in offset order, from position to limit; stays as it is
     * @throws LogException {@link LogError#OFFSET_OUT_OF_RANGE} if they do not follow what is there, {@link
     *     LogError#CORRUPT_MESSAGE}, or {@link LogError#STORAGE_ERROR}
     */
    public AppendResult appendReplicated(ByteBuffer records) {
        return parts.appender.appendReplicated(records, settings);
    }

    /**
     * Whole batches from the one that holds an offset on. Any thread.
     *
     * @param maxBytes most bytes to give
     * @param limitOffset only batches that start below it
     * @param readSize what to give if the first batch alone is larger
     * @return empty at the end and at the limit; to be closed
     * @throws LogException {@link LogError#OFFSET_OUT_OF_RANGE} before the start or behind the end
     */
    public LogSlice read(long offset, int maxBytes, long limitOffset, ReadSize readSize) {
        LogParts asked = parts;
        try {
            return asked.reader.read(offset, maxBytes, limitOffset, readSize);
        } catch (LogException e) {
            return movedSince(asked, e).reader.read(offset, maxBytes, limitOffset, readSize);
        }
    }

    /**
     * How many bytes from an offset on can probably be read without waiting for the disk: {@code wantedBytes}, also if there are
     * not that many, or fewer. A guess from what was written and read lately; asks no disk. Any thread.
     */
    public int cachedBytes(long offset, int wantedBytes) {
        return parts.reader.cachedBytes(offset, wantedBytes);
    }

    /**
     * Reads batches from an offset on, so that {@link #read} does not wait for the disk; blocks on it. Any thread.
     *
     * @param bytes what will be asked for
     * @param bytesBehind what else to read, since it will be asked for next
     * @throws LogException as {@link #read} does
     */
    public void bringIn(long offset, int bytes, int bytesBehind) {
        LogParts asked = parts;
        try {
            asked.reader.bringIn(offset, bytes, bytesBehind);
        } catch (LogException e) {
            movedSince(asked, e).reader.bringIn(offset, bytes, bytesBehind);
        }
    }

    /** Whether so many reads are not given back yet, of this log or others, that nobody should have more than one. Any thread. */
    public boolean isShortOfFiles() {
        return parts.context.openFiles().isShort();
    }

    /** The first record at least as new as a timestamp, in batches that start below a limit. Any thread. */
    public Optional<TimestampedOffset> firstAtOrAfter(long timestamp, long limitOffset) {
        return ask(now -> now.reader.firstAtOrAfter(timestamp, limitOffset));
    }

    /** The first of the newest records, in batches that start below a limit. Any thread. */
    public Optional<TimestampedOffset> latestMaxTimestamp(long limitOffset) {
        return ask(now -> now.reader.latestMaxTimestamp(limitOffset));
    }

    /** The aborted transactions that a reader of a range of offsets must know, in the order they ended. Any thread. */
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset) {
        return ask(now -> now.reader.abortedTransactions(fromOffset, upToOffset));
    }

    /** First offset that may be read. Any thread. */
    public long logStartOffset() {
        return parts.state.logStartOffset();
    }

    /** Offset of the next record. Any thread. */
    public long logEndOffset() {
        return parts.state.logEndOffset();
    }

    /** Offset below which everything is durable. Any thread. */
    public long recoveryPoint() {
        return parts.chain.recoveryPoint().offset();
    }

    /** Bytes of all segments. Any thread. */
    public long sizeInBytes() {
        return parts.state.segments().sizeInBytes();
    }

    /** How many segments there are. Any thread. */
    public int segmentCount() {
        return parts.state.segments().size();
    }

    /** How many producers are remembered, as it was a moment ago perhaps. Any thread. */
    public int producerCount() {
        return parts.memory.producers().size();
    }

    /** Up to where readers of committed data may read, given the end of what is replicated. For the owner. */
    public long lastStableOffset(long highWatermark) {
        parts.memory.producers().highWatermark(highWatermark);
        return parts.memory.producers().lastStableOffset(parts.state.logStartOffset(), highWatermark);
    }

    /** The producers, for the owner. */
    public Producers producers() {
        return parts.memory.producers();
    }

    /** The leader epochs, for the owner to ask; {@link #assignEpoch} adds to them. */
    public LeaderEpochs leaderEpochs() {
        return parts.memory.epochs();
    }

    /** Notes that a leader epoch begins at the end of the log, before its first batch is there. */
    public void assignEpoch(int leaderEpoch) {
        parts.memory.assignEpoch(leaderEpoch, parts.state.logEndOffset());
    }

    /** Whether the disk failed and nothing can be appended any more. Any thread. */
    public boolean isFailed() {
        return parts.state.isFailed();
    }

    /** What failed first since the log took changes last, if it is failed. Any thread. */
    public Optional<IOException> failure() {
        return parts.state.failure();
    }

    /**
     * Makes a failed log take changes again, if its disk can be written again; does nothing to one that did not fail. What
     * lies behind the published end is cut off, everything else is made durable. No published offset goes back.
     *
     * <p>If a flush failed, acknowledged records that were not durable before may be gone, and the system would not say so.
     * All of them that can still be read are then checked and written once more. Those that cannot are given up, up to the
     * end of their segment, and named in one line; their offsets are not used again and readers get what follows.
     *
     * <p>For the owner, or for a thread that acts in its place while the owner leaves the log alone. Blocks on the disk; after
     * a failed flush for as long as it takes to read and write everything from the recovery point on.
     *
     * @throws LogException {@link LogError#STORAGE_ERROR} if the disk still fails, or failed in the middle of a truncation, or
     *     the log is closed; it is then as it was, and this may be tried again
     */
    public void recoverFromFailure() {
        parts.healing.heal(settings);
        parts.appender.begun();
    }

    /** The settings in force. Any thread. */
    public LogSettings settings() {
        return settings;
    }

    /** Puts other settings in force; the index interval from the next segment on. */
    public void settings(LogSettings changed) {
        settings = changed;
    }

    /** Begins a new segment, unless the active one is empty. */
    public void roll() {
        parts.state.checkWritable();
        if (parts.state.active().sizeInBytes() > 0) {
            parts.appender.roll(parts.state.logEndOffset(), settings);
        }
    }

    /**
     * Makes everything appended so far durable; blocks on the disk. Any thread. When to do that, and who waits for it, is the
     * business of the owner: appends do not look at {@code flush.messages} and {@code flush.ms}.
     *
     * @throws LogException {@link LogError#STORAGE_ERROR} if the disk failed, now or before: what it did not keep once is never
     *     asked of it again
     */
    public void flush() {
        LogParts flushed = parts;
        flushed.state.checkWritable();
        try {
            flushed.chain.flush();
        } catch (IOException e) {
            flushed.state.checkOpen(); // a log that was deleted meanwhile has no folder any more
            throw flushed.state.failBecause("Cannot flush", e);
        }
    }

    /** Cuts the log so that it ends at an offset; a batch that reaches beyond it goes as a whole. */
    public void truncateTo(long offset) {
        parts.truncation.truncateTo(offset, settings);
    }

    /** Empties the log and lets it begin at an offset. */
    public void truncateFullyAndStartAt(long offset) {
        parts.truncation.startAt(offset, settings);
    }

    /**
     * Lets the log begin at a later offset; segments below it go with the next {@link #applyRetention}. A failed log allows it.
     *
     * @throws LogException {@link LogError#OFFSET_OUT_OF_RANGE} behind the end
     */
    public void deleteBefore(long newLogStartOffset) {
        parts.retention.deleteBefore(newLogStartOffset);
    }

    /** Makes the start of the log durable as it is now; blocks on the disk. Any thread. If the disk fails, the log goes on. */
    public void persistLogStartOffset() {
        parts.retention.persistStart();
    }

    /**
     * Deletes the segments whose time is over: below the start of the log, or too old or too many by the settings. Forgets
     * idle producers, too. A failed log allows it, as a full disk needs it most; then the active segment stays.
     *
     * @return how many segments
     */
    public int applyRetention(long highWatermark) {
        return parts.retention.apply(highWatermark, settings);
    }

    /**
     * What there is to compact. Any thread; may read from the disk.
     *
     * @param lastStableOffset up to where readers of committed data may read now
     * @return empty if this log is not to be compacted
     */
    public Optional<Dirt> dirt(long lastStableOffset) {
        return ask(now -> now.cleaning.dirt(lastStableOffset, settings));
    }

    /**
     * Begins to compact the log.
     *
     * @param dirt what {@link #dirt} found
     * @return empty if nothing of that is left; else to be driven and closed, see there
     */
    public Optional<Compaction> compaction(Dirt dirt, long highWatermark, CleanerSettings cleaner) {
        return parts.cleaning.compaction(
                dirt, lastStableOffset(highWatermark), parts.memory.producers(), settings, cleaner);
    }

    /** The offset below which the log is compacted. Any thread. */
    public long firstDirtyOffset() {
        return parts.cleaning.firstDirtyOffset();
    }

    /** Lets the log go on at a later offset. For the owner. */
    void skipTo(long offset) {
        parts.state.checkWritable();
        parts.appender.roll(offset, settings);
        parts.state.logEndOffset(offset);
    }

    /** Ends a cleaning under way and lets no other one begin, or lets the log be cleaned again. For the owner. */
    public void compacting(Compacting wanted) {
        parts.cleaning.compacting(wanted);
    }

    /** Goes on with the files of another log of the same records, and gives those until now, to be deleted. For the owner. */
    PartitionLog adopt(PartitionLog other) {
        LogParts before = parts;
        parts = other.parts;
        before.abandon();
        return new PartitionLog(before, settings);
    }

    LogException failBecause(String what, IOException cause) {
        return parts.state.failBecause(what, cause);
    }

    /** Asks the files in use, and those that took their place meanwhile. */
    private <T> T ask(Function<LogParts, T> question) {
        LogParts asked = parts;
        try {
            return question.apply(asked);
        } catch (LogException e) {
            return question.apply(movedSince(asked, e));
        }
    }

    private LogParts movedSince(LogParts asked, LogException failure) {
        LogParts now = parts;
        if (now == asked) {
            throw failure;
        }
        return now;
    }

    /** Gives the files back without writing anything. Reads are refused from now on; slices given stay valid. */
    public void abandon() {
        parts.abandon();
    }

    /** Makes everything durable and gives the files back. Reads are refused from now on; slices given stay valid. */
    @Override
    public void close() {
        if (parts.state.isClosed()) {
            return;
        }
        try {
            if (!parts.state.isFailed()) {
                parts.chain.persist();
            }
        } catch (IOException e) {
            throw parts.state.failBecause("Cannot close", e);
        } finally {
            parts.chain.close();
        }
    }

    /**
     * Takes the whole log off the disk: its folder is renamed as Kafka does it, and removed in the background. Reads are
     * refused from now on; slices given stay valid.
     */
    public void delete() {
        parts.abandon();
        try {
            Path renamed = DeletedFolder.rename(parts.directory);
            parts.context.backgroundAfter(settings.fileDeleteDelayMs()).execute(() -> DeletedFolder.remove(renamed));
        } catch (IOException e) {
            throw parts.state.failBecause("Cannot delete " + parts.directory, e);
        }
    }
}
