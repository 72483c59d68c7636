package io.milena.server.coordinator.group.record;

import java.util.UUID;

/**
 * A group's position in one partition.
 *
 * @param offset the next offset to read
 * @param leaderEpoch epoch of the last record read, -1 if unknown
 * @param metadata whatever the client wanted to keep with it
 * @param commitTimestampMs when it was committed
 * @param expireTimestampMs when it expires whatever the group does, as clients of OffsetCommit v2-4 could ask; -1 if by the
 *     broker's retention
 * @param topicId id the topic had then, the zero UUID if unknown
 */
public record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs, UUID topicId) {
    /** No leader epoch, no expiry time. */
    public static final int NONE = -1;
}
