package io.milena.server.coordinator;

import io.milena.log.batch.RecordBatch;
import io.milena.protocol.ErrorCode;
import io.milena.server.strand.Strand;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A partition as the shard that lives on it needs it. What is not said to be for other threads runs inside the
 * strand. */
public interface ShardLog {
    /** The owner of the partition and so of the shard. For any thread. */
    Strand strand();

    /** Whether there is nothing to replay. For any thread. */
    boolean isEmpty();

    /**
     * Reads every batch from the log's start to its end. May read from disk: for a background thread, while nobody appends.
     *
     * @return the offset after the last record
     */
    long replay(Consumer<RecordBatch> reader);

    /**
     * Appends one batch.
     *
     * @return the offset after its last record
     * @throws CoordinatorException with the error clients are to see, if it was not appended
     */
    long append(ByteBuffer batch);

    /**
     * Appends a marker.
     *
     * @param transactionVersion the version whose rules it follows, see KIP-890
     * @return the offset after it
     * @throws CoordinatorException with the error the transaction's coordinator is to see, if it was not appended
     */
    long appendMarker(ByteBuffer marker, int transactionVersion);

    /** The transactions of this log. */
    ShardTransactions transactions();

    /** The epoch of the lead. */
    int leaderEpoch();

    /** Whether everything before the offset is committed. */
    boolean isCommitted(long offset);

    /** Runs one of the two, at most once: when everything before the offset is committed, or when that will never be known. */
    void whenCommitted(long offset, Runnable committed, Consumer<ErrorCode> abandoned);
}
