package io.milena.server.coordinator;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.LogSlice;
import io.milena.log.PartitionLog;
import io.milena.log.ReadSize;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.Batches;
import io.milena.log.batch.RecordBatch;
import io.milena.protocol.ErrorCode;
import io.milena.server.partition.Acknowledgement;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionException;
import io.milena.server.strand.Strand;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A partition as the log of the shard that lives on it. Errors of the partition become those that clients of coordinators know. */
final class PartitionShardLog implements ShardLog, ShardTransactions {
    /** Bytes read at once by a replay, unless a single batch is larger. */
    private static final int REPLAY_BYTES = 1 << 20;

    private final Partition partition;

    PartitionShardLog(Partition partition) {
        this.partition = partition;
    }

    @Override
    public Strand strand() {
        return partition.strand();
    }

    @Override
    public boolean isEmpty() {
        return partition.logStartOffset() == partition.logEndOffset();
    }

    @Override
    public long replay(Consumer<RecordBatch> reader) {
        PartitionLog log = partition.log();
        long end = log.logEndOffset();
        long offset = log.logStartOffset();
        ByteBuffer buffer = ByteBuffer.allocate(REPLAY_BYTES);
        while (offset < end) {
            try (LogSlice slice = log.read(offset, REPLAY_BYTES, end, ReadSize.WHOLE_FIRST_BATCH)) {
                if (slice.isEmpty()) {
                    return end;
                }
                if (slice.sizeInBytes() > buffer.capacity()) {
                    buffer = ByteBuffer.allocate(slice.sizeInBytes());
                }
                buffer.clear();
                slice.readInto(buffer);
                Batches.in(buffer.flip()).forEachRemaining(reader);
                offset = slice.nextOffset();
            }
        }
        return end;
    }

    @Override
    public long append(ByteBuffer batch) {
        return append(batch, 0);
    }

    @Override
    public long appendMarker(ByteBuffer marker, int transactionVersion) {
        return append(marker, transactionVersion);
    }

    private long append(ByteBuffer batch, int transactionVersion) {
        try {
            if (partition.isBelowMinInSyncReplicas()) {
                throw refused(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            }
            return partition
                            .append(batch, AppendOrigin.COORDINATOR, transactionVersion)
                            .lastOffset()
                    + 1;
        } catch (PartitionException e) {
            throw refused(forCoordinator(e.error()));
        } catch (LogException e) {
            throw refused(forCoordinator(e.error()));
        }
    }

    @Override
    public ShardTransactions transactions() {
        return this;
    }

    @Override
    public boolean isOpen(ProducerIdentity producer) {
        return partition.log().producers().hasOpenTransaction(producer.producerId(), producer.producerEpoch());
    }

    @Override
    public short epoch(long producerId) {
        return partition.log().producers().epoch(producerId);
    }

    @Override
    public int markers(long producerId) {
        return partition.log().producers().markers(producerId);
    }

    @Override
    public int leaderEpoch() {
        return partition.leadership().leaderEpoch();
    }

    private CoordinatorException refused(ErrorCode error) {
        return new CoordinatorException(error, "the records cannot be stored in " + partition);
    }

    private static ErrorCode forCoordinator(LogError error) {
        return switch (error) {
            case STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
            case INVALID_PRODUCER_EPOCH -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case INVALID_TXN_STATE -> ErrorCode.INVALID_TXN_STATE;
            case TRANSACTION_COORDINATOR_FENCED -> ErrorCode.TRANSACTION_COORDINATOR_FENCED;
            default -> ErrorCode.UNKNOWN_SERVER_ERROR;
        };
    }

    /** A partition that is not served here any more has its coordinator elsewhere. */
    private static ErrorCode forCoordinator(ErrorCode error) {
        return switch (error) {
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT ->
                ErrorCode.COORDINATOR_NOT_AVAILABLE;
            default -> error;
        };
    }

    @Override
    public boolean isCommitted(long offset) {
        return offset <= partition.highWatermark();
    }

    @Override
    public void whenCommitted(long offset, Runnable committed, Consumer<ErrorCode> abandoned) {
        partition.awaitCommit(offset, new Acknowledgement() {
            @Override
            public void committed() {
                committed.run();
            }

            @Override
            public void abandoned(ErrorCode error) {
                abandoned.accept(forCoordinator(error));
            }
        });
    }
}
