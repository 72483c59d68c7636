package io.milena.server.partition.session;

/**
 * From where a client wants one partition.
 *
 * @param fetchOffset the first offset it wants
 * @param maxBytes the most bytes of this partition, unless its first batch is larger
 * @param currentLeaderEpoch the epoch the client believes in, -1 if it does not say
 * @param lastFetchedEpoch the epoch of the last record it has, -1 if it does not say
 */
public record FetchPosition(long fetchOffset, int maxBytes, int currentLeaderEpoch, int lastFetchedEpoch) {
    static final FetchPosition START = new FetchPosition(0, 0, -1, -1);
}
