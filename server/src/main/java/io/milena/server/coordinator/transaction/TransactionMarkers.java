package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.TransactionMarker;
import java.util.concurrent.CompletionStage;

/** Tells partitions how transactions ended. May be used from any thread. */
public interface TransactionMarkers {
    /** Completes with NONE when the partition's marker is committed, or with the reason why there will be none. Never fails. */
    CompletionStage<ErrorCode> write(TopicPartition partition, TransactionMarker marker);
}
