package io.milena.server.coordinator.group.offsets;

/**
 * Limits of committed offsets.
 *
 * @param maxMetadataLength most characters of a commit's metadata, {@code offset.metadata.max.bytes}
 * @param retentionMs how long offsets outlive their use, {@code offsets.retention.minutes}
 * @param retentionCheckIntervalMs how often to look for outlived ones, {@code offsets.retention.check.interval.ms}
 */
public record OffsetSettings(int maxMetadataLength, long retentionMs, long retentionCheckIntervalMs) {}
