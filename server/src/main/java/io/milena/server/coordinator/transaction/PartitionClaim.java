package io.milena.server.coordinator.transaction;

/** How a client says that a partition belongs to its transaction, as the version of its request tells. */
public enum PartitionClaim {
    /** Named it beforehand; does not know every error. */
    NAMED_LEGACY,
    /** Named it beforehand; knows {@code TRANSACTION_ABORTABLE}. */
    NAMED,
    /** By writing to it (KIP-890). */
    WRITTEN;

    private static final int FIRST_WRITING_PRODUCE = 12;
    private static final int FIRST_WRITING_OFFSET_COMMIT = 5;

    /** The claim of a Produce request. */
    public static PartitionClaim ofProduce(int version) {
        return of(version, FIRST_WRITING_PRODUCE);
    }

    /** The claim of a TxnOffsetCommit request. */
    public static PartitionClaim ofOffsetCommit(int version) {
        return of(version, FIRST_WRITING_OFFSET_COMMIT);
    }

    private static PartitionClaim of(int version, int firstWriting) {
        if (version >= firstWriting) {
            return WRITTEN;
        }
        return version == firstWriting - 1 ? NAMED : NAMED_LEGACY;
    }
}
