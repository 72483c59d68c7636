package io.milena.server.cluster;

import io.milena.log.LogContext;
import io.milena.log.LogException;
import io.milena.log.LogSettings;
import io.milena.log.LogSlice;
import io.milena.log.PartitionLog;
import io.milena.log.ReadSize;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.Batches;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.protocol.Message;
import io.milena.server.cluster.record.SnapshotBegun;
import io.milena.server.cluster.record.SnapshotEnded;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The metadata log of a broker that is alone: a partition log on its disk. Records that were appended together are one batch,
 * and are forced to disk before they count.
 *
 * <p>A snapshot is appended like everything else, between {@link SnapshotBegun} and {@link SnapshotEnded}, in a segment of its
 * own; then the segments before it go. One without its end, left by a crash, is cut off when the log is read. Owned by the
 * controller's strand.
 */
public final class LocalMetadataLog implements MetadataLog {
    /** The folder of the log within the folder of metadata. */
    public static final String FOLDER = TopicImage.CLUSTER_METADATA + "-0";

    private static final int READ_BYTES = 1 << 20;
    private static final int SNAPSHOT_RECORDS_PER_BATCH = 1000;

    private final PartitionLog log;
    private final Clock clock;
    private final Runnable onFailure;
    private @Nullable Subscriber subscriber;
    private final int leaderEpoch;
    private long bytesSinceReplacement;

    /** The offset behind the last record that counts; what a failure left behind it is cut off before anything is appended. */
    private volatile long countedEnd;

    private LocalMetadataLog(PartitionLog log, Clock clock, Runnable onFailure) {
        this.log = log;
        this.clock = clock;
        this.onFailure = onFailure;
        leaderEpoch = log.leaderEpochs().latest().orElse(0) + 1; // each start is an election
    }

    /**
     * Opens the log, which is created if it is not there.
     *
     * @param folder where its folder lies
     * @param onFailure told whenever records could not be written
     * @throws MetadataException if it cannot be read
     */
    public static LocalMetadataLog open(Path folder, LogContext context, Runnable onFailure) {
        LogSettings settings = LogSettings.DEFAULTS
                .withRetentionMs(-1)
                .withCleanupPolicy(Set.of())
                .withMaxMessageBytes(BatchBuilder.MAX_BATCH_BYTES)
                .withTimestampAfterMaxMs(Long.MAX_VALUE);
        try {
            return new LocalMetadataLog(
                    PartitionLog.open(folder.resolve(FOLDER), settings, context), context.clock(), onFailure);
        } catch (LogException e) {
            throw new MetadataException("metadata log cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public void subscribe(Subscriber newSubscriber) {
        Replay replay = new Replay(newSubscriber);
        try {
            long offset = log.logStartOffset();
            while (offset < log.logEndOffset()) {
                offset = readFrom(offset, replay);
            }
            if (replay.snapshot != null) {
                log.truncateTo(replay.snapshotBegin);
            }
        } catch (LogException e) {
            throw new MetadataException("metadata log cannot be read: " + e.getMessage(), e);
        }
        countedEnd = log.logEndOffset();
        bytesSinceReplacement = replay.bytes;
        subscriber = newSubscriber;
    }

    @Override
    public CompletionStage<Long> append(List<Message> records) {
        try {
            undoFailure();
            int size = write(records);
            log.flush();
            bytesSinceReplacement += size;
            countedEnd = log.logEndOffset();
        } catch (LogException e) {
            onFailure.run();
            return CompletableFuture.failedStage(
                    new MetadataException("metadata cannot be written: " + e.getMessage(), e));
        }
        if (subscriber != null) {
            subscriber.committed(records);
        }
        return CompletableFuture.completedStage(countedEnd);
    }

    /** Goes on where the last record that counts ends, if the disk lets it: it may have been full. */
    private void undoFailure() {
        if (log.isFailed()) {
            log.recoverFromFailure();
        }
        log.truncateTo(countedEnd);
    }

    @Override
    public long endOffset() {
        return countedEnd;
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public long bytesSinceReplacement() {
        return bytesSinceReplacement;
    }

    @Override
    public CompletionStage<Void> replace(List<Message> snapshot) {
        bytesSinceReplacement = 0;
        try {
            undoFailure();
            log.roll();
            long begin = log.logEndOffset();
            write(List.of(new SnapshotBegun()));
            for (int from = 0; from < snapshot.size(); from += SNAPSHOT_RECORDS_PER_BATCH) {
                write(snapshot.subList(from, Math.min(from + SNAPSHOT_RECORDS_PER_BATCH, snapshot.size())));
            }
            write(List.of(new SnapshotEnded()));
            log.flush();
            countedEnd = log.logEndOffset();
            log.deleteBefore(begin);
            log.applyRetention(log.logEndOffset());
            return CompletableFuture.completedStage(null);
        } catch (LogException e) {
            onFailure.run();
            return CompletableFuture.failedStage(
                    new MetadataException("metadata snapshot cannot be written: " + e.getMessage(), e));
        }
    }

    @Override
    public void close() {
        log.close();
    }

    private int write(List<Message> records) {
        BatchBuilder builder = new BatchBuilder();
        long now = clock.millis();
        for (Message record : records) {
            builder.append(now, null, MetadataRecords.encode(record));
        }
        ByteBuffer batch = builder.build().bytes();
        int size = batch.remaining();
        log.append(batch, leaderEpoch, AppendOrigin.COORDINATOR);
        return size;
    }

    private long readFrom(long offset, Replay replay) {
        try (LogSlice slice = log.read(offset, READ_BYTES, Long.MAX_VALUE, ReadSize.WHOLE_FIRST_BATCH)) {
            ByteBuffer buffer = ByteBuffer.allocate(slice.sizeInBytes());
            slice.readInto(buffer);
            Batches batches = Batches.in(buffer.flip());
            while (batches.hasNext()) {
                replay.accept(batches.next());
            }
            return slice.nextOffset();
        }
    }

    /** Reads batches, and holds a snapshot back until its end is there. */
    private static final class Replay {
        private final Subscriber subscriber;
        private @Nullable List<Message> snapshot;
        private long snapshotBegin;
        private long bytes;

        Replay(Subscriber subscriber) {
            this.subscriber = subscriber;
        }

        void accept(RecordBatch batch) {
            List<Message> records = records(batch);
            bytes += batch.sizeInBytes();
            if (records.get(0) instanceof SnapshotBegun) {
                snapshot = new ArrayList<>();
                snapshotBegin = batch.baseOffset();
            } else if (snapshot == null) {
                subscriber.committed(records);
            } else if (records.get(0) instanceof SnapshotEnded) {
                subscriber.replaced(snapshot);
                snapshot = null;
                bytes = 0;
            } else {
                snapshot.addAll(records);
            }
        }

        private static List<Message> records(RecordBatch batch) {
            List<Message> messages = new ArrayList<>(batch.recordCount());
            try (RecordIterator records = batch.records()) {
                while (records.hasNext()) {
                    Record record = records.next();
                    ByteBuffer value = record.value();
                    if (value == null) {
                        throw new MetadataException("metadata record without content at offset " + record.offset());
                    }
                    messages.add(MetadataRecords.decode(value));
                }
            }
            return messages;
        }
    }
}
