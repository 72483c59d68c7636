package io.milena.log.segment;

/**
 * A record found by its timestamp.
 *
 * @param offset its offset
 * @param timestamp its timestamp in ms
 * @param leaderEpoch epoch of the leader that appended it, or -1
 */
public record TimestampedOffset(long offset, long timestamp, int leaderEpoch) {}
