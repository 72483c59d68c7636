package io.milena.server.cluster;

import io.milena.protocol.Message;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The ordered, durable list of all changes of the cluster. Used on the controller's strand only.
 *
 * <p>Life: {@link #subscribe} once, which brings everything written before; then {@link #append} and {@link #replace}, each after
 * the one before has completed; then {@link #close}.
 */
public interface MetadataLog extends AutoCloseable {
    /** Gets what was committed, in order. */
    interface Subscriber {
        /** Forget all records: these stand for them. */
        void replaced(List<Message> snapshot);

        /** Records that were appended together. */
        void committed(List<Message> records);
    }

    /** Brings all records still kept before it returns, and later ones when they are committed. */
    void subscribe(Subscriber subscriber);

    /**
     * Appends records that hold all or none.
     *
     * @return completed with the offset behind them when they cannot be lost any more and the subscriber has them; fails with a {@link
     *     MetadataException} when they do not count
     */
    CompletionStage<Long> append(List<Message> records);

    /** The offset behind the last record that counts. Any thread. */
    long endOffset();

    /** The epoch of whoever appends to it, which grows when somebody else does. Any thread. */
    int leaderEpoch();

    /** Bytes appended since the last {@link #replace}. */
    long bytesSinceReplacement();

    /** Lets {@code snapshot} stand for all records so far, which may then be dropped. */
    CompletionStage<Void> replace(List<Message> snapshot);

    @Override
    void close();
}
