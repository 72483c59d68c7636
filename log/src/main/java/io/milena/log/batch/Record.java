package io.milena.log.batch;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a batch. Key and value share memory with the batch when that is not compressed, so they live no longer
 * than its buffer.
 *
 * @param offset its place in the log
 * @param timestamp in ms, as the batch's timestamp type says, or -1
 * @param key its bytes from position to limit, or null
 * @param value its bytes from position to limit, or null for a tombstone
 * @param headers in the order they were sent
 */
@SuppressWarnings("JavaLangClash") // the word everybody uses for it
public record Record(
        long offset,
        long timestamp,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {}
