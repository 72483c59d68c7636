package io.milena.server.partition;

import io.milena.log.LogSettings;
import io.milena.log.LogSettings.CleanupPolicy;
import io.milena.log.batch.TargetCompression;
import io.milena.log.batch.TimestampType;
import io.milena.log.compress.Compression;
import io.milena.protocol.ErrorCode;
import io.milena.server.config.TopicSettings;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a partition needs to know of its topic's settings, looked up once.
 *
 * @param log what concerns the log
 * @param minInSyncReplicas replicas that must be in sync for {@code acks=all}
 * @param deletesRecords whether records may be deleted on request: always, unless they are only compacted
 * @param compressesWithZstd whether all batches are stored in a codec that old clients cannot read
 */
public record PartitionSettings(
        LogSettings log, int minInSyncReplicas, boolean deletesRecords, boolean compressesWithZstd) {

    private static final String AS_PRODUCED = "producer";
    private static final String UNCOMPRESSED = "uncompressed";

    /** What a topic's settings mean for its partitions. */
    public static PartitionSettings of(TopicSettings topic, long producerIdExpirationMs) {
        TargetCompression compression = compression(topic);
        boolean zstd =
                compression.codec().filter(codec -> codec == Compression.ZSTD).isPresent();
        LogSettings log = new LogSettings(
                topic.segmentBytes(),
                topic.segmentMs(),
                topic.segmentJitterMs(),
                topic.indexIntervalBytes(),
                topic.segmentIndexBytes(),
                topic.retentionMs(),
                topic.retentionBytes(),
                topic.maxMessageBytes(),
                topic.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                topic.timestampBeforeMaxMs(),
                topic.timestampAfterMaxMs(),
                cleanupPolicy(topic),
                topic.deleteRetentionMs(),
                topic.minCompactionLagMs(),
                topic.maxCompactionLagMs(),
                topic.minCleanableDirtyRatio(),
                compression,
                topic.flushMessages(),
                topic.flushMs(),
                topic.fileDeleteDelayMs(),
                producerIdExpirationMs);
        return new PartitionSettings(log, topic.minInSyncReplicas(), topic.deletes() || !topic.compacts(), zstd);
    }

    /** @throws PartitionException if the topic keeps its records */
    void checkDeletion() {
        if (!deletesRecords) {
            throw new PartitionException(ErrorCode.POLICY_VIOLATION, "the topic keeps its records");
        }
    }

    private static Set<CleanupPolicy> cleanupPolicy(TopicSettings topic) {
        Set<CleanupPolicy> policy = EnumSet.noneOf(CleanupPolicy.class);
        if (topic.deletes()) {
            policy.add(CleanupPolicy.DELETE);
        }
        if (topic.compacts()) {
            policy.add(CleanupPolicy.COMPACT);
        }
        return policy;
    }

    private static TargetCompression compression(TopicSettings topic) {
        return switch (topic.compressionType()) {
            case AS_PRODUCED -> TargetCompression.AS_PRODUCED;
            case UNCOMPRESSED -> TargetCompression.of(Compression.NONE, Compression.NONE.defaultLevel());
            default -> TargetCompression.of(Compression.ofName(topic.compressionType()), topic.compressionLevel());
        };
    }
}
