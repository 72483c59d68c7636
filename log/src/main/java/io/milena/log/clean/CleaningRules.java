package io.milena.log.clean;

/**
 * What a cleaning of one log goes by.
 *
 * @param segmentBytes small segments are joined up to this size, {@code segment.bytes}
 * @param segmentIndexBytes and up to this size of their indexes, {@code segment.index.bytes}
 * @param deleteRetentionMs how long tombstones and markers stay from now on, {@code delete.retention.ms}
 * @param nowMs time of the cleaning
 */
public record CleaningRules(int segmentBytes, int segmentIndexBytes, long deleteRetentionMs, long nowMs) {
    /** Whether the time has come that stands in a batch as its delete horizon. */
    boolean isOver(long deleteHorizonMs) {
        return deleteHorizonMs <= nowMs;
    }

    /** The delete horizon of a batch that gets one now. */
    long deleteHorizonMs() {
        long horizon = nowMs + deleteRetentionMs;
        return horizon < 0 ? Long.MAX_VALUE : horizon;
    }
}
