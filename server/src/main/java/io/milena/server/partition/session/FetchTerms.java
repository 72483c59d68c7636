package io.milena.server.partition.session;

import io.milena.server.partition.Partition;

/**
 * What a fetch asks for besides the partitions.
 *
 * @param version of the request
 * @param reader how far it may read
 * @param maxWaitMs how long it may be parked; 0 and less mean not at all
 * @param minBytes what it would wait for, at most {@code maxBytes}
 * @param maxBytes the most bytes of the whole response, unless the first batch is larger
 */
public record FetchTerms(int version, Reader reader, int maxWaitMs, int minBytes, int maxBytes) {
    /** Who reads, and so how far. */
    public enum Reader {
        /** A consumer that sees all committed batches. */
        UNCOMMITTED,
        /** A consumer that sees no undecided transaction. */
        COMMITTED,
        /** A replica, which reads everything. */
        REPLICA
    }

    boolean are(int otherVersion, Reader otherReader, int otherWaitMs, int otherMinBytes, int otherMaxBytes) {
        return version == otherVersion
                && reader == otherReader
                && maxWaitMs == otherWaitMs
                && minBytes == otherMinBytes
                && maxBytes == otherMaxBytes;
    }

    /** The offset this fetch may not read past, now. */
    long readableEnd(Partition partition) {
        return readableEnd(partition.lastStableOffset(), partition.highWatermark(), partition.logEndOffset());
    }

    /** The offset this fetch may not read past, given those of a partition. */
    long readableEnd(long stableOffset, long highWatermark, long logEndOffset) {
        return switch (reader) {
            case UNCOMMITTED -> highWatermark;
            case COMMITTED -> stableOffset;
            case REPLICA -> logEndOffset;
        };
    }
}
