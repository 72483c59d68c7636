package io.milena.server.coordinator.transaction;

/** Versions of how clients and brokers do transactions, the levels of the feature {@code transaction.version}. */
public final class TransactionVersion {
    /** Clients name each partition before they write to it, and keep their epoch. */
    public static final int CLASSIC = 0;

    /** The producer's epoch grows with each transaction; writing adds a partition (KIP-890). */
    public static final int EPOCH_BUMPING = 2;

    private TransactionVersion() {}

    static boolean bumpsEpoch(int version) {
        return version >= EPOCH_BUMPING;
    }
}
