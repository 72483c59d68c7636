package io.milena.log;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchRules;
import io.milena.log.batch.TargetCompression;
import io.milena.log.batch.TimestampType;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How one log behaves: the topic settings of Kafka that concern it, with Kafka's defaults.
 *
 * @param segmentBytes size at which a new segment is begun, {@code segment.bytes}
 * @param segmentMs span of record time after which a new segment is begun, {@code segment.ms}
 * @param segmentJitterMs by how much that span is shortened at most, {@code segment.jitter.ms}
 * @param indexIntervalBytes bytes between index entries, {@code index.interval.bytes}
 * @param segmentIndexBytes largest index, {@code segment.index.bytes}
 * @param retentionMs age at which segments are deleted, -1 for never, {@code retention.ms}
 * @param retentionBytes size above which segments are deleted, -1 for none, {@code retention.bytes}
 * @param maxMessageBytes largest batch, {@code max.message.bytes}
 * @param timestampType whose clock counts, {@code message.timestamp.type}
 * @param timestampBeforeMaxMs how old a record may be, {@code message.timestamp.before.max.ms}
 * @param timestampAfterMaxMs how far ahead it may be, {@code message.timestamp.after.max.ms}
 * @param cleanupPolicy what happens to old data, none for nothing, {@code cleanup.policy}
 * @param deleteRetentionMs how long compaction leaves tombstones, {@code delete.retention.ms}
 * @param minCompactionLagMs how long every record stays, {@code min.compaction.lag.ms}
 * @param maxCompactionLagMs when the log is compacted at the latest, {@code max.compaction.lag.ms}
 * @param minCleanableDirtyRatio dirty share above which it is compacted, {@code min.cleanable.dirty.ratio}
 * @param compressionType codec on disk, {@code compression.type}
 * @param flushMessages records after which the owner is to make the log durable, {@code flush.messages}
 * @param flushMs time after which the owner is to make it durable, {@code flush.ms}
 * @param fileDeleteDelayMs how long files of deleted segments stay, {@code file.delete.delay.ms}
 * @param producerIdExpirationMs how long idle producers are remembered, {@code producer.id.expiration.ms}
 */
public record LogSettings(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int indexIntervalBytes,
        int segmentIndexBytes,
        long retentionMs,
        long retentionBytes,
        int maxMessageBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        Set<CleanupPolicy> cleanupPolicy,
        long deleteRetentionMs,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        double minCleanableDirtyRatio,
        TargetCompression compressionType,
        long flushMessages,
        long flushMs,
        long fileDeleteDelayMs,
        long producerIdExpirationMs) {

    /** What may happen to old data. */
    public enum CleanupPolicy {
        /** Segments are deleted by age and size. */
        DELETE,
        /** Only the newest record of each key is kept. */
        COMPACT
    }

    /** Kafka's defaults. */
    public static final LogSettings DEFAULTS = new LogSettings(
            1 << 30,
            DAYS.toMillis(7),
            0,
            4096,
            10 << 20,
            DAYS.toMillis(7),
            -1,
            1_048_588,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            HOURS.toMillis(1),
            Set.of(CleanupPolicy.DELETE),
            DAYS.toMillis(1),
            0,
            Long.MAX_VALUE,
            0.5,
            TargetCompression.AS_PRODUCED,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            60_000,
            DAYS.toMillis(1));

    /** A copy with another segmentBytes. */
    public LogSettings withSegmentBytes(int value) {
        return change(c -> c.segmentBytes = value);
    }

    /** A copy with another segmentMs. */
    public LogSettings withSegmentMs(long value) {
        return change(c -> c.segmentMs = value);
    }

    /** A copy with another segmentJitterMs. */
    public LogSettings withSegmentJitterMs(long value) {
        return change(c -> c.segmentJitterMs = value);
    }

    /** A copy with another indexIntervalBytes. */
    public LogSettings withIndexIntervalBytes(int value) {
        return change(c -> c.indexIntervalBytes = value);
    }

    /** A copy with another segmentIndexBytes. */
    public LogSettings withSegmentIndexBytes(int value) {
        return change(c -> c.segmentIndexBytes = value);
    }

    /** A copy with another retentionMs. */
    public LogSettings withRetentionMs(long value) {
        return change(c -> c.retentionMs = value);
    }

    /** A copy with another retentionBytes. */
    public LogSettings withRetentionBytes(long value) {
        return change(c -> c.retentionBytes = value);
    }

    /** A copy with another maxMessageBytes. */
    public LogSettings withMaxMessageBytes(int value) {
        return change(c -> c.maxMessageBytes = value);
    }

    /** A copy with another timestampType. */
    public LogSettings withTimestampType(TimestampType value) {
        return change(c -> c.timestampType = value);
    }

    /** A copy with another timestampBeforeMaxMs. */
    public LogSettings withTimestampBeforeMaxMs(long value) {
        return change(c -> c.timestampBeforeMaxMs = value);
    }

    /** A copy with another timestampAfterMaxMs. */
    public LogSettings withTimestampAfterMaxMs(long value) {
        return change(c -> c.timestampAfterMaxMs = value);
    }

    /** A copy with another cleanupPolicy. */
    public LogSettings withCleanupPolicy(Set<CleanupPolicy> value) {
        return change(c -> c.cleanupPolicy = value);
    }

    /** A copy with another deleteRetentionMs. */
    public LogSettings withDeleteRetentionMs(long value) {
        return change(c -> c.deleteRetentionMs = value);
    }

    /** A copy with another minCompactionLagMs. */
    public LogSettings withMinCompactionLagMs(long value) {
        return change(c -> c.minCompactionLagMs = value);
    }

    /** A copy with another maxCompactionLagMs. */
    public LogSettings withMaxCompactionLagMs(long value) {
        return change(c -> c.maxCompactionLagMs = value);
    }

    /** A copy with another minCleanableDirtyRatio. */
    public LogSettings withMinCleanableDirtyRatio(double value) {
        return change(c -> c.minCleanableDirtyRatio = value);
    }

    /** A copy with another compressionType. */
    public LogSettings withCompressionType(TargetCompression value) {
        return change(c -> c.compressionType = value);
    }

    /** A copy with another flushMessages. */
    public LogSettings withFlushMessages(long value) {
        return change(c -> c.flushMessages = value);
    }

    /** A copy with another flushMs. */
    public LogSettings withFlushMs(long value) {
        return change(c -> c.flushMs = value);
    }

    /** A copy with another fileDeleteDelayMs. */
    public LogSettings withFileDeleteDelayMs(long value) {
        return change(c -> c.fileDeleteDelayMs = value);
    }

    /** A copy with another producerIdExpirationMs. */
    public LogSettings withProducerIdExpirationMs(long value) {
        return change(c -> c.producerIdExpirationMs = value);
    }

    /** Makes the set of policies immutable. */
    public LogSettings {
        cleanupPolicy = Set.copyOf(cleanupPolicy);
    }

    boolean compacts() {
        return cleanupPolicy.contains(CleanupPolicy.COMPACT);
    }

    /** Time after which a segment is sealed, so that a log to be compacted can be in time. */
    long maxSegmentMs() {
        return compacts() && maxCompactionLagMs > 0 ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs;
    }

    /** What a batch from this origin must fulfil. */
    BatchRules batchRules(AppendOrigin origin) {
        return new BatchRules(
                maxMessageBytes,
                timestampType,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                compacts(),
                compressionType,
                origin,
                true);
    }

    private LogSettings change(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.settings();
    }

    private static final class Copy {
        private int segmentBytes;
        private long segmentMs;
        private long segmentJitterMs;
        private int indexIntervalBytes;
        private int segmentIndexBytes;
        private long retentionMs;
        private long retentionBytes;
        private int maxMessageBytes;
        private TimestampType timestampType;
        private long timestampBeforeMaxMs;
        private long timestampAfterMaxMs;
        private Set<CleanupPolicy> cleanupPolicy;
        private long deleteRetentionMs;
        private long minCompactionLagMs;
        private long maxCompactionLagMs;
        private double minCleanableDirtyRatio;
        private TargetCompression compressionType;
        private long flushMessages;
        private long flushMs;
        private long fileDeleteDelayMs;
        private long producerIdExpirationMs;

        Copy(LogSettings from) {
            segmentBytes = from.segmentBytes;
            segmentMs = from.segmentMs;
            segmentJitterMs = from.segmentJitterMs;
            indexIntervalBytes = from.indexIntervalBytes;
            segmentIndexBytes = from.segmentIndexBytes;
            retentionMs = from.retentionMs;
            retentionBytes = from.retentionBytes;
            maxMessageBytes = from.maxMessageBytes;
            timestampType = from.timestampType;
            timestampBeforeMaxMs = from.timestampBeforeMaxMs;
            timestampAfterMaxMs = from.timestampAfterMaxMs;
            cleanupPolicy = from.cleanupPolicy;
            deleteRetentionMs = from.deleteRetentionMs;
            minCompactionLagMs = from.minCompactionLagMs;
            maxCompactionLagMs = from.maxCompactionLagMs;
            minCleanableDirtyRatio = from.minCleanableDirtyRatio;
            compressionType = from.compressionType;
            flushMessages = from.flushMessages;
            flushMs = from.flushMs;
            fileDeleteDelayMs = from.fileDeleteDelayMs;
            producerIdExpirationMs = from.producerIdExpirationMs;
        }

        LogSettings settings() {
            return new LogSettings(
                    segmentBytes,
                    segmentMs,
                    segmentJitterMs,
                    indexIntervalBytes,
                    segmentIndexBytes,
                    retentionMs,
                    retentionBytes,
                    maxMessageBytes,
                    timestampType,
                    timestampBeforeMaxMs,
                    timestampAfterMaxMs,
                    cleanupPolicy,
                    deleteRetentionMs,
                    minCompactionLagMs,
                    maxCompactionLagMs,
                    minCleanableDirtyRatio,
                    compressionType,
                    flushMessages,
                    flushMs,
                    fileDeleteDelayMs,
                    producerIdExpirationMs);
        }
    }
}
