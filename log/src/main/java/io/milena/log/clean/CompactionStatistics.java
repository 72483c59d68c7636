package io.milena.log.clean;

/**
 * What the compaction of a broker's logs did since it was started.
 *
 * @param compactions cleanings that came to their end
 * @param bytesRead bytes that cleanings read, whether they came to their end or not
 * @param bytesWritten bytes that they wrote
 * @param maxDirtyRatio dirty share of the filthiest log when the logs were looked at last, from 0 to 1
 * @param uncleanable open logs that are left alone because they could not be cleaned
 */
public record CompactionStatistics(
        long compactions, long bytesRead, long bytesWritten, double maxDirtyRatio, int uncleanable) {}
