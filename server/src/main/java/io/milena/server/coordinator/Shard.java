package io.milena.server.coordinator;

/**
 * The state that the records of one internal partition add up to. Called by one thread at a time: by the loading thread
 * until {@link #loaded()}, inside the partition's strand from then on.
 *
 * @param <T> the records, decoded
 */
public interface Shard<T> {
    /** Takes in one record: at load, and after a decision's records were appended. Later records win over earlier ones. */
    void apply(T record);

    /**
     * Takes in one record of a transaction: it does not count until that is committed, and never if it is aborted. A shard without
     * transactions in its log passes it over.
     */
    default void applyTransactional(long producerId, T record) {}

    /** A marker is in the log: the producer's transaction, if it has one here, is decided. */
    default void transactionEnded(long producerId, boolean committed) {}

    /** All records of the log were applied: timers may be set now. */
    void loaded();

    /** The partition is no longer led here: whoever still waits is to be told so. Nothing is called afterwards. */
    void unloaded();
}
