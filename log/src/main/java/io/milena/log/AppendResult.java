package io.milena.log;

/**
 * What became of an append.
 *
 * @param firstOffset offset of the first record; of the first append if this one is a repetition
 * @param lastOffset offset of the last record
 * @param logAppendTimeMs the broker's time if the topic uses it as timestamp, else -1
 * @param logStartOffset first offset of the log
 * @param sizeInBytes bytes written, 0 for a repetition
 */
public record AppendResult(
        long firstOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, int sizeInBytes) {
    /** Whether the batch was appended before and nothing was written. */
    public boolean duplicate() {
        return sizeInBytes == 0;
    }
}
