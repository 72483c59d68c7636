package io.milena.server.handler.records;

import io.milena.log.LogException;
import io.milena.log.segment.TimestampedOffset;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ErrorMapping;
import java.util.Optional;

/** Finds the offset that a ListOffsets request means by a timestamp, one partition at a time. Any thread. */
final class OffsetSearch {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private static final int CONSUMER = -1;
    private static final int DEBUGGER = -2;
    private static final byte READ_COMMITTED = 1;
    private static final int FIRST_VERSION_WITH_LEADER_EPOCH = 4;
    private static final int UNKNOWN = -1;

    private final PartitionLookup partitions;
    private final int replicaId;
    private final byte isolationLevel;
    private final int version;

    OffsetSearch(PartitionLookup partitions, int replicaId, byte isolationLevel, int version) {
        this.partitions = partitions;
        this.replicaId = replicaId;
        this.isolationLevel = isolationLevel;
        this.version = version;
    }

    /** Whether a search for that timestamp has to look into segments. */
    static boolean readsDisk(long timestamp) {
        return timestamp >= 0 || timestamp == MAX_TIMESTAMP;
    }

    static ListOffsetsResponse.Partition failed(int partitionIndex, ErrorCode error) {
        return new ListOffsetsResponse.Partition()
                .partitionIndex(partitionIndex)
                .errorCode(error);
    }

    ListOffsetsResponse.Partition find(String topic, ListOffsetsRequest.Partition wanted) {
        if (version < firstVersionWith(wanted.timestamp())) {
            return failed(wanted.partitionIndex(), ErrorCode.UNSUPPORTED_VERSION);
        }
        Partition partition = partitions.find(topic, wanted.partitionIndex());
        if (partition == null) {
            return failed(wanted.partitionIndex(), partitions.whyMissing(topic, wanted.partitionIndex()));
        }
        ErrorCode error = partition.checkLeader(wanted.currentLeaderEpoch());
        if (error != ErrorCode.NONE && (error != ErrorCode.NOT_LEADER_OR_FOLLOWER || replicaId != DEBUGGER)) {
            return failed(wanted.partitionIndex(), error);
        }
        try {
            return find(partition, wanted);
        } catch (LogException e) {
            return failed(wanted.partitionIndex(), ErrorMapping.of(e));
        }
    }

    private ListOffsetsResponse.Partition find(Partition partition, ListOffsetsRequest.Partition wanted) {
        long end = readableEnd(partition);
        if (wanted.timestamp() == LATEST) {
            return found(wanted, end, UNKNOWN, partition.leadership().leaderEpoch());
        }
        if (wanted.timestamp() == EARLIEST || wanted.timestamp() == EARLIEST_LOCAL) {
            long start = partition.logStartOffset();
            return found(wanted, start, UNKNOWN, partition.epochAt(start));
        }
        if (wanted.timestamp() == LATEST_TIERED || wanted.timestamp() == EARLIEST_PENDING_UPLOAD) {
            return failed(wanted.partitionIndex(), ErrorCode.NONE); // nothing is tiered: there is no such offset
        }
        Optional<TimestampedOffset> record = wanted.timestamp() == MAX_TIMESTAMP
                ? partition.log().latestMaxTimestamp(end)
                : partition.log().firstAtOrAfter(wanted.timestamp(), end);
        return record.map(hit -> found(wanted, hit.offset(), hit.timestamp(), hit.leaderEpoch()))
                .orElseGet(() -> failed(wanted.partitionIndex(), ErrorCode.NONE));
    }

    private ListOffsetsResponse.Partition found(
            ListOffsetsRequest.Partition wanted, long offset, long timestamp, int leaderEpoch) {
        return new ListOffsetsResponse.Partition()
                .partitionIndex(wanted.partitionIndex())
                .offset(offset)
                .timestamp(timestamp)
                .leaderEpoch(version >= FIRST_VERSION_WITH_LEADER_EPOCH ? leaderEpoch : UNKNOWN);
    }

    private long readableEnd(Partition partition) {
        if (replicaId != CONSUMER) {
            return partition.logEndOffset();
        }
        return isolationLevel == READ_COMMITTED ? partition.lastStableOffset() : partition.highWatermark();
    }

    /** Negative timestamps got their meanings over time; those without one have no version. */
    private static int firstVersionWith(long timestamp) {
        if (timestamp >= EARLIEST) {
            return 1;
        }
        if (timestamp == MAX_TIMESTAMP) {
            return 7;
        }
        if (timestamp == EARLIEST_LOCAL) {
            return 8;
        }
        if (timestamp == LATEST_TIERED) {
            return 9;
        }
        return timestamp == EARLIEST_PENDING_UPLOAD ? 11 : Integer.MAX_VALUE;
    }
}
