package io.milena.server.coordinator.transaction;

import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.TransactionMarker;
import io.milena.server.partition.Acknowledgement;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionException;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.request.ErrorMapping;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brings markers to the partitions of this broker, each to its strand; those of groups to the shard that keeps them. */
public final class PartitionMarkers implements TransactionMarkers {
    private final PartitionLookup partitions;
    private final OffsetMarkers offsets;
    private final Clock clock;

    /** Where markers of offsets go. */
    public interface OffsetMarkers {
        /** Ends a transaction in one partition of {@code __consumer_offsets}; may fail with a {@link CoordinatorException}. */
        CompletionStage<Void> endTransaction(int partition, TransactionMarker marker);
    }

    public PartitionMarkers(PartitionLookup partitions, OffsetMarkers offsets, Clock clock) {
        this.partitions = partitions;
        this.offsets = offsets;
        this.clock = clock;
    }

    @Override
    public CompletionStage<ErrorCode> write(TopicPartition target, TransactionMarker marker) {
        Partition partition = partitions.find(target.topic(), target.partition());
        if (partition == null) {
            return CompletableFuture.completedFuture(partitions.whyMissing(target.topic(), target.partition()));
        }
        if (target.topic().equals(TopicImage.CONSUMER_OFFSETS)) {
            return offsets.endTransaction(target.partition(), marker)
                    .handle((done, failure) -> failure == null ? ErrorCode.NONE : errorOf(failure));
        }
        CompletableFuture<ErrorCode> written = new CompletableFuture<>();
        partition.strand().execute(() -> append(partition, marker, written));
        return written;
    }

    private void append(Partition partition, TransactionMarker marker, CompletableFuture<ErrorCode> written) {
        try {
            if (partition.isBelowMinInSyncReplicas()) {
                written.complete(ErrorCode.NOT_ENOUGH_REPLICAS);
                return;
            }
            long lastOffset = partition
                    .append(marker.toBatch(clock.millis()), AppendOrigin.COORDINATOR, marker.transactionVersion())
                    .lastOffset();
            partition.awaitCommit(lastOffset + 1, new Acknowledgement() {
                @Override
                public void committed() {
                    written.complete(ErrorCode.NONE);
                }

                @Override
                public void abandoned(ErrorCode error) {
                    written.complete(error);
                }
            });
        } catch (LogException e) {
            written.complete(ErrorMapping.of(e));
        } catch (PartitionException e) {
            written.complete(e.error());
        }
    }

    /** What a coordinator says of groups is said of their partition: it is not ready, or led elsewhere. */
    private static ErrorCode errorOf(Throwable failure) {
        ErrorCode error = CoordinatorException.errorOf(failure);
        return switch (error) {
            case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR ->
                ErrorCode.NOT_LEADER_OR_FOLLOWER;
            default -> error;
        };
    }
}
